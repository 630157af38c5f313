import { actionCommand } from '../model';
import { CommandLine } from './command-line';
import { element } from './element';
import type { PageContext } from './page-context';
import type { Offer } from './server-actions';

/** Offers, each with the equal command. What destroys something asks first, in its place. */
export function actionList(
  context: PageContext,
  offers: readonly Offer[],
  done: () => void,
  asking?: string,
): HTMLElement {
  const list = element('ul', { class: 'offers' });
  for (const offer of offers) list.append(offerItem(context, offer, done, offer.action.verb === asking));
  return list;
}

function offerItem(context: PageContext, offer: Offer, done: () => void, asking: boolean): HTMLElement {
  const { label, explains, action, asks } = offer;
  const command = new CommandLine(actionCommand(action, context.clusterName()));
  const button = context.acts(element('button', { type: 'button', 'data-verb': action.verb }, label));
  const ask = element('div', { class: 'ask', role: 'group' });
  const run = () => {
    done();
    context.run(action);
  };
  if (asks !== null) {
    const no = element('button', { type: 'button', autofocus: asking }, 'Cancel');
    const sure = { type: 'button', class: 'danger', 'data-sure': action.verb };
    const yes = context.acts(element('button', sure, label));
    ask.append(element('strong', {}, asks), element('div', { class: 'buttons' }, no, yes));
    ask.setAttribute('aria-label', asks);
    yes.addEventListener('click', run);
    no.addEventListener('click', () => {
      ask.hidden = true;
      button.hidden = false;
      button.focus();
    });
    button.addEventListener('click', () => {
      ask.hidden = false;
      button.hidden = true;
      no.focus();
    });
  } else {
    button.addEventListener('click', run);
  }
  ask.hidden = !asking || asks === null;
  button.hidden = !ask.hidden;
  return element(
    'li',
    {},
    element('div', { class: 'offer' }, button, element('span', { class: 'muted' }, explains)),
    ask,
    command.element,
  );
}
