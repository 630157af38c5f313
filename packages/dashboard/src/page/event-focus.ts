import { setAttribute } from './element';

/** One stop of the Tab key in the whole log: up and down lead from event to event, left and right within one (roving tabindex). */
export class EventFocus {
  private stop: HTMLElement | undefined;

  /** @param body rows with buttons, all of them made with `tabindex="-1"` */
  constructor(private readonly body: HTMLElement) {
    body.addEventListener('keydown', (event) => this.pressed(event));
    body.addEventListener('focusin', ({ target }) => {
      if (target instanceof HTMLButtonElement) this.stopAt(target);
    });
  }

  /** Events have come or gone: the stop is where it was, or at the last event that has a button. */
  refresh(): void {
    if (this.stop?.isConnected === true && isSeen(this.stop)) return;
    const last = buttonFrom(this.body.lastElementChild, (each) => each.previousElementSibling);
    if (last !== undefined) this.stopAt(last);
  }

  private stopAt(button: HTMLElement): void {
    if (button === this.stop) return;
    if (this.stop !== undefined) setAttribute(this.stop, 'tabindex', -1);
    this.stop = button;
    setAttribute(button, 'tabindex', 0);
  }

  private pressed(event: KeyboardEvent): void {
    const { key, target } = event;
    if (!(target instanceof HTMLElement) || event.altKey || event.ctrlKey || event.metaKey) return;
    const to = this.next(target, key);
    if (to === undefined) return;
    event.preventDefault();
    to.focus();
  }

  private next(from: HTMLElement, key: string): HTMLElement | undefined {
    const row = from.closest('tr');
    if (row === null) return undefined;
    switch (key) {
      case 'ArrowUp':
        return buttonFrom(row.previousElementSibling, (each) => each.previousElementSibling);
      case 'ArrowDown':
        return buttonFrom(row.nextElementSibling, (each) => each.nextElementSibling);
      case 'Home':
        return buttonFrom(this.body.firstElementChild, (each) => each.nextElementSibling);
      case 'End':
        return buttonFrom(this.body.lastElementChild, (each) => each.previousElementSibling);
      case 'ArrowLeft':
      case 'ArrowRight': {
        const buttons = buttonsOf(row);
        const at = buttons.findIndex((button) => button === from);
        return buttons[at + (key === 'ArrowRight' ? 1 : -1)];
      }
      default:
        return undefined;
    }
  }
}

/** The first button of the nearest row, from `row` on, that has one to be seen. */
function buttonFrom(row: Element | null, step: (row: Element) => Element | null): HTMLElement | undefined {
  for (let each = row; each !== null; each = step(each)) {
    const [button] = buttonsOf(each);
    if (button !== undefined) return button;
  }
  return undefined;
}

function buttonsOf(row: Element): readonly HTMLElement[] {
  return [...row.querySelectorAll('button')].filter(isSeen);
}

/** Causes are hidden unless a partition is explained. */
function isSeen(button: HTMLElement): boolean {
  return button.offsetParent !== null;
}
