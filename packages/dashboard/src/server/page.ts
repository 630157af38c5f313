import { randomBytes } from 'node:crypto';

/** Stands in the built page where the nonce belongs (scripts/build/dashboard-page.mjs). */
const NONCE = 'ONEBOX_NONCE';

/**
 * The page for one answer, and the headers that go with it: nothing is run or shown but what the build put into the page, nothing is
 * loaded from anywhere, no other page may frame it, and the token in its address is told to nobody.
 *
 * @param html as the build made it: every `<script>` and `<style>` carries the placeholder
 */
export function pageWithNonce(html: string): {
  readonly html: string;
  readonly headers: Record<string, string>;
} {
  const nonce = randomBytes(16).toString('base64');
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    'img-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    html: html.replaceAll(`nonce="${NONCE}"`, `nonce="${nonce}"`),
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': policy.join('; '),
      'X-Frame-Options': 'DENY',
      'Cross-Origin-Opener-Policy': 'same-origin',
    },
  };
}
