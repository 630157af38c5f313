import { play } from './case';
import type { CaseGroup } from './case';
import { expectGolden, goldenNames } from './golden-file';
import { Scene } from './scene';

/** Tests a group of cases: a test for each code, whose cases are one golden file. */
export function playGroup({ folder, cases }: CaseGroup, prepare?: (scene: Scene) => void): void {
  const codes = [...new Set(cases.map(({ code }) => code))];

  test.each(codes)('%s', async (code) => {
    const texts: string[] = [];
    for (const each of cases.filter((one) => one.code === code)) {
      const scene = new Scene();
      try {
        prepare?.(scene);
        texts.push(await play(scene, each));
      } finally {
        await scene.close();
      }
    }
    const text = texts.join('\n');
    // An error shows its code; a case that ends with another one would be filed under the wrong name.
    if (/^(ONEBOX|ERR)_/.test(code)) {
      for (const each of texts)
        expect({ code, text: each }).toEqual({ code, text: expect.stringContaining(code) as unknown });
    }
    expectGolden(`${folder}/${code}.txt`, text);
  });

  test('there is no golden file without a case', () => {
    expect(goldenNames(folder, codes)).toEqual([...codes].sort());
  });
}
