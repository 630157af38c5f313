import { byId, element, setText } from './element';

/** The one dialog of the page: the browser keeps the keyboard in it, closes it with Escape, and gives the focus back. */
export class Dialog {
  private readonly dialog = byId('dialog') as HTMLDialogElement;
  private opener: Element | null = null;

  constructor() {
    byId('dialog-close').addEventListener('click', () => this.close());
    this.dialog.addEventListener('click', ({ target }) => {
      if (target === this.dialog) this.close();
    });
    // What opened it may have gone meanwhile: a server that was killed has other buttons.
    this.dialog.addEventListener('close', () => {
      byId('dialog-body').replaceChildren();
      if (this.opener?.isConnected === false) byId('servers-heading').focus({ preventScroll: true });
    });
  }

  open(title: string, ...content: readonly (HTMLElement | null)[]): void {
    this.opener = document.activeElement;
    setText(byId('dialog-title'), title);
    byId('dialog-body').replaceChildren(...content.filter((each) => each !== null));
    this.dialog.showModal();
    this.dialog.querySelector<HTMLElement>('[autofocus]')?.focus();
  }

  readonly close = (): void => this.dialog.close();
}

/** A heading in a dialog. */
export function dialogHeading(text: string): HTMLElement {
  return element('h3', {}, text);
}
