import { applyPatch } from '../model/apply-patch';
import type { DashboardPatch, DashboardState } from '../model/dashboard-state';

/** Shows the state as it is, and follows it. */
const token = new URLSearchParams(location.search).get('token') ?? '';
const source = new EventSource(`state?token=${encodeURIComponent(token)}`);
let state: DashboardState | undefined;

function show(): void {
  const place = document.getElementById('state');
  if (place !== null) place.textContent = JSON.stringify(state, undefined, 2);
}

source.addEventListener('state', ({ data }: MessageEvent<string>) => {
  state = JSON.parse(data) as DashboardState;
  show();
});
source.addEventListener('patch', ({ data }: MessageEvent<string>) => {
  if (state !== undefined) state = applyPatch(state, JSON.parse(data) as DashboardPatch);
  show();
});
