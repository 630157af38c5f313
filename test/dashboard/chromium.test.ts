import { findChromium } from './support/chromium';

test('where there has to be a browser, a missing one fails the tests instead of leaving them out', () => {
  expect(() => findChromium({ ONEBOX_TEST_CHROMIUM: '1' }, ['/nowhere/chromium'])).toThrow(
    'ONEBOX_TEST_CHROMIUM=1: tests that need Chromium, which is not on this machine',
  );
  expect(findChromium({}, ['/nowhere/chromium'])).toBeUndefined();
  expect(findChromium({ ONEBOX_TEST_CHROMIUM: '1' }, ['/nowhere/chromium', __filename])).toBe(__filename);
  expect(findChromium({ ONEBOX_CHROMIUM: '/opt/chromium' }, [])).toBe('/opt/chromium');
});
