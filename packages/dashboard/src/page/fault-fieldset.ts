import { actionForm, labelled, numberField } from './action-form';
import { element } from './element';
import { COMMON_RPC_CODES, faultRequest } from './fault-request';
import type { FaultForm } from './fault-request';
import type { PageContext } from './page-context';

const KINDS: readonly (readonly [FaultForm['kind'], string])[] = [
  ['cut', 'Cut off'],
  ['delay', 'Delay an RPC'],
  ['drop', 'Drop an RPC'],
  ['pause', 'Pause for a while'],
];

/** What the commands take: an hour of delay, 24 days of a fault. */
const LONGEST_DELAY_MS = 3_600_000;
const LONGEST_S = 24 * 86_400;
const HIGHEST_SEED = 2 ** 32 - 1;

/** The form that breaks a server on purpose, with the command that grows as one types. */
export function faultForm(
  context: PageContext,
  instance: string,
  peers: readonly string[],
  done: () => void,
): HTMLElement {
  const kind = select('kind', KINDS);
  const rpc = element('input', {
    name: 'rpc',
    list: 'rpc-codes',
    value: COMMON_RPC_CODES[0],
    spellcheck: 'false',
    required: true,
    pattern: '[^\\s\\-].*',
  });
  const ms = numberField('ms', '500', { min: 1, max: LONGEST_DELAY_MS, step: 1, required: true });
  const probability = numberField('probability', '1', { min: 0, max: 1, step: 'any' });
  const seed = numberField('seed', '', { min: 0, max: HIGHEST_SEED, step: 1, placeholder: 'any' });
  const lasting = { min: 0.001, max: LONGEST_S, step: 'any', placeholder: 'until cleared' };
  const seconds = numberField('for', '10', lasting);
  const http = element('input', { type: 'checkbox', name: 'http' });
  const from = peers.map((peer) => element('input', { type: 'checkbox', name: 'from', value: peer }));
  const codes = COMMON_RPC_CODES.map((code) => element('option', { value: code }));
  const onCut = [
    element('fieldset', {}, element('legend', {}, 'from (nobody ticked: everybody)'), ...from.map(ticked)),
    element('label', { class: 'tick' }, http, ' its HTTP, too'),
  ];
  const onDelay = [labelled('late by, ms', ms)];
  const onRpc = [labelled('RPC', rpc), labelled('probability', probability), labelled('seed', seed)];
  const form = (): FaultForm => ({
    kind: KINDS.find(([value]) => value === kind.value)?.[0] ?? 'cut',
    instance,
    from: from.filter(({ checked }) => checked).map(({ value }) => value),
    http: http.checked,
    rpc: rpc.value.trim(),
    ms: ms.value,
    probability: probability.value,
    seed: seed.value,
    seconds: seconds.value,
  });
  const changed = () => {
    const now = form();
    show(onCut, now.kind === 'cut');
    show(onDelay, now.kind === 'delay');
    show(onRpc, now.kind === 'delay' || now.kind === 'drop');
    const never = probability.value !== '' && Number(probability.value) === 0;
    probability.setCustomValidity(never ? 'above 0, to 1' : '');
  };
  const made = actionForm(context, {
    label: `Break ${instance}`,
    button: element('button', { class: 'danger' }, 'Break it'),
    parts: [
      element(
        'div',
        { class: 'fields' },
        labelled('fault', kind),
        ...onRpc,
        ...onDelay,
        labelled('for, s', seconds),
      ),
      ...onCut,
      element('datalist', { id: 'rpc-codes' }, ...codes),
    ],
    fields: { rpc, ms, probability, seed, forMs: seconds },
    request: () => faultRequest(form()),
    changed,
    done,
  });
  made.classList.add('fault-form');
  return made;
}

/** What is hidden is not checked either. */
function show(parts: readonly HTMLElement[], shown: boolean): void {
  for (const part of parts) {
    part.hidden = !shown;
    for (const input of part.querySelectorAll('input')) input.disabled = !shown;
  }
}

function ticked(box: HTMLInputElement): HTMLElement {
  return element('label', { class: 'tick' }, box, ` ${box.value}`);
}

function select(name: string, options: readonly (readonly [string, string])[]): HTMLSelectElement {
  return element('select', { name }, ...options.map(([value, text]) => element('option', { value }, text)));
}
