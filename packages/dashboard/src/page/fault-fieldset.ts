import { actionCommand } from '../model';
import { CommandLine } from './command-line';
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
  });
  const ms = number('ms', '500', { min: 0 });
  const probability = number('probability', '1', { min: 0, max: 1, step: 'any' });
  const seed = number('seed', '', { min: 0, placeholder: 'any' });
  const seconds = number('for', '10', { min: 0, step: 'any', placeholder: 'until cleared' });
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
  const command = new CommandLine('');
  const changed = () => {
    const now = form();
    show(onCut, now.kind === 'cut');
    show(onDelay, now.kind === 'delay');
    show(onRpc, now.kind === 'delay' || now.kind === 'drop');
    command.set(actionCommand(faultRequest(now), context.clusterName()));
  };
  const made = element(
    'form',
    { class: 'fault-form', 'aria-label': `Break ${instance}` },
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
    element('div', { class: 'offer' }, element('button', { class: 'danger' }, 'Break it'), command.element),
  );
  made.addEventListener('input', changed);
  made.addEventListener('submit', (event) => {
    event.preventDefault();
    done();
    context.run(faultRequest(form()));
  });
  changed();
  return made;
}

function show(parts: readonly HTMLElement[], shown: boolean): void {
  for (const part of parts) part.hidden = !shown;
}

function ticked(box: HTMLInputElement): HTMLElement {
  return element('label', { class: 'tick' }, box, ` ${box.value}`);
}

/** A field with its name above it. */
export function labelled(text: string, field: HTMLElement): HTMLElement {
  return element('label', { class: 'field' }, element('span', {}, text), field);
}

function select(name: string, options: readonly (readonly [string, string])[]): HTMLSelectElement {
  return element('select', { name }, ...options.map(([value, text]) => element('option', { value }, text)));
}

/** A field for a number. */
export function number(
  name: string,
  value: string,
  attributes: Readonly<Record<string, string | number>>,
): HTMLInputElement {
  return element('input', { type: 'number', name, value, ...attributes });
}
