import { setAttribute } from './element';

/**
 * Buttons that ask the dashboard for something: while it is not heard of they do nothing, and say so. They keep the focus (`aria-disabled`),
 * because that may last for a moment only.
 */
export class ActingButtons {
  private can = false;

  constructor() {
    const stop = (event: Event) => {
      if (this.can || !(event.target instanceof Element) || event.target.closest(ACTING) === null) return;
      event.preventDefault();
      event.stopPropagation();
    };
    document.addEventListener('click', stop, { capture: true });
    this.draw();
  }

  /** One that is made now. In the page's own HTML the attribute says it. */
  add<T extends HTMLButtonElement>(button: T): T {
    setAttribute(button, 'data-acts', true);
    setAttribute(button, 'aria-disabled', this.can ? null : 'true');
    return button;
  }

  enable(can: boolean): void {
    if (can === this.can) return;
    this.can = can;
    this.draw();
  }

  private draw(): void {
    for (const button of document.querySelectorAll(ACTING))
      setAttribute(button, 'aria-disabled', this.can ? null : 'true');
  }
}

const ACTING = '[data-acts]';
