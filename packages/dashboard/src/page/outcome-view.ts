import type { ActionAnswer } from '../model';
import { CommandLine } from './command-line';
import { byId, setAttribute, setText } from './element';

/** How long a success stays, in milliseconds; a refusal stays until it is closed. */
const STAYS_MS = 8000;

/** What came of the last action, with the command that does the same. */
export class OutcomeView {
  private readonly bar = byId('outcome');
  private readonly command = new CommandLine('');
  private timer: number | undefined;

  constructor() {
    byId('outcome-command').append(this.command.element);
    byId('outcome-close').addEventListener('click', () => this.hide());
  }

  begins(command: string): void {
    this.shows('runs', 'Running …', command);
  }

  ends(answer: ActionAnswer, command: string): void {
    if (answer.ok) {
      this.shows('done', answer.text.trim() || 'Done.', answer.command);
      this.timer = setTimeout(() => this.hide(), STAYS_MS);
    } else {
      const next = answer.nextStep === null ? '' : ` ${answer.nextStep}`;
      this.shows('refused', `${answer.code}: ${answer.message}${next}`, answer.command ?? command);
    }
  }

  private shows(outcome: string, text: string, command: string): void {
    clearTimeout(this.timer);
    this.bar.hidden = false;
    setAttribute(this.bar, 'data-outcome', outcome);
    setText(byId('outcome-text'), text);
    // A region that was hidden a moment ago is not read to everybody; this one never is.
    setText(byId('outcome-announcer'), text);
    this.command.set(command);
  }

  hide(): void {
    clearTimeout(this.timer);
    this.bar.hidden = true;
  }
}
