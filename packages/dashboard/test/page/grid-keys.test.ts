import { placeAfter } from '../../src/page/grid-keys';

const extent = { rows: 100, columns: 9, page: 20 };
const from = { row: 50, column: 4 };

describe('keys in the grid', () => {
  test.each([
    ['ArrowUp', false, [49, 4]],
    ['ArrowDown', false, [51, 4]],
    ['ArrowLeft', false, [50, 3]],
    ['ArrowRight', false, [50, 5]],
    ['Home', false, [50, 0]],
    ['End', false, [50, 8]],
    ['Home', true, [0, 0]],
    ['End', true, [99, 8]],
    ['PageUp', false, [30, 4]],
    ['PageDown', false, [70, 4]],
  ] as const)('%s, with Ctrl: %s', (key, ctrl, [row, column]) => {
    expect(placeAfter(key, ctrl, from, extent)).toEqual({ row, column });
  });

  test('lead nowhere beyond its borders', () => {
    const last = { row: 99, column: 8 };
    expect(placeAfter('ArrowDown', false, last, extent)).toEqual(last);
    expect(placeAfter('ArrowRight', false, last, extent)).toEqual(last);
    expect(placeAfter('PageUp', false, { row: 3, column: 0 }, extent)).toEqual({ row: 0, column: 0 });
  });

  test('others are not its own: Tab leaves it', () => {
    expect(placeAfter('Tab', false, from, extent)).toBeUndefined();
    expect(placeAfter('a', false, from, extent)).toBeUndefined();
  });
});
