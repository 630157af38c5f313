import { actionCommand } from '../model';
import type { ActionAnswer, ActionRequest } from '../model';
import { CommandLine } from './command-line';
import { element, setAttribute, setText } from './element';
import type { PageContext } from './page-context';

export interface ActionFormOptions {
  /** What it is called for screen readers. */
  readonly label: string;
  readonly button: HTMLButtonElement;
  readonly parts: readonly HTMLElement[];
  /** The field of each member of the action that has one. */
  readonly fields: Readonly<Record<string, HTMLInputElement>>;
  /** What is asked for as it stands; called only while every field holds what it may. */
  readonly request: () => ActionRequest;
  /** Called with every change, before the fields are checked. */
  readonly changed?: () => void;
  /** It was done. */
  readonly done: () => void;
}

/**
 * A form for an action, with the command that grows as one types. It stays as it is until the action was done: a refusal is said beside
 * the field that it is about, or at the end.
 */
export function actionForm(context: PageContext, options: ActionFormOptions): HTMLFormElement {
  const { label, fields, parts, request, done } = options;
  const button = context.acts(options.button);
  const command = new CommandLine('');
  const lacking = element('span', { class: 'muted' });
  const refusal = element('p', { class: 'refusal', id: 'refusal', role: 'alert' });
  const offer = element('div', { class: 'offer' }, button, command.element, lacking);
  const form = element('form', { 'aria-label': label }, ...parts, offer, refusal);
  const changed = () => {
    options.changed?.();
    const wrong = [...form.querySelectorAll('input')].find(
      (input) => input.willValidate && !input.validity.valid,
    );
    command.element.hidden = wrong !== undefined;
    lacking.hidden = wrong === undefined;
    if (wrong === undefined) command.set(actionCommand(request(), context.clusterName()));
    else setText(lacking, `${nameOf(wrong)}: ${wrong.validationMessage}`);
  };
  const say = (answer: Extract<ActionAnswer, { ok: false }> | undefined) => {
    for (const field of Object.values(fields)) {
      setAttribute(field, 'aria-invalid', null);
      setAttribute(field, 'aria-describedby', null);
    }
    const field = fields[answer?.field ?? ''];
    setText(refusal, answer === undefined ? '' : refusalText(answer, field));
    if (field === undefined || field.closest('[hidden]') !== null) return form.append(refusal);
    setAttribute(field, 'aria-invalid', 'true');
    setAttribute(field, 'aria-describedby', refusal.id);
    (field.closest('.fields') ?? field.closest('.field') ?? form).after(refusal);
    field.focus();
  };
  let busy = false;
  const submitted = async () => {
    if (busy) return;
    busy = true;
    say(undefined);
    setAttribute(form, 'aria-busy', 'true');
    const answer = await context.submit(request(), () => form.isConnected);
    busy = false;
    setAttribute(form, 'aria-busy', null);
    if (!form.isConnected) return;
    if (answer.ok) done();
    else say(answer);
  };
  form.addEventListener('input', changed);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void submitted();
  });
  changed();
  return form;
}

/** In the words of the form: it knows fields, and no members. */
function refusalText(
  { message, nextStep }: Extract<ActionAnswer, { ok: false }>,
  field: HTMLInputElement | undefined,
): string {
  const words = field === undefined ? message : message.replace(/^'\w+' of '[^']*'/, `“${nameOf(field)}”`);
  return [words, nextStep].filter((each) => each !== null).join(/[.!?]$/.test(words) ? ' ' : '. ');
}

/** As its label says it. */
function nameOf(field: HTMLInputElement): string {
  return field.labels?.[0]?.firstElementChild?.textContent?.trim() ?? field.name;
}

/** A field with its name above it. */
export function labelled(text: string, field: HTMLElement): HTMLElement {
  return element('label', { class: 'field' }, element('span', {}, text), field);
}

/** A field for a number. */
export function numberField(
  name: string,
  value: string,
  attributes: Readonly<Record<string, string | number | boolean>>,
): HTMLInputElement {
  return element('input', { type: 'number', name, value, ...attributes });
}
