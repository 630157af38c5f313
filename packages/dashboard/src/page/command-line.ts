import { element, setAttribute, setText } from './element';

const COPIED_MS = 1500;

/** A command as it would be typed, with a button that copies it. */
export class CommandLine {
  readonly element: HTMLElement;
  private readonly code = element('code', {});
  private readonly copy = element('button', { type: 'button', class: 'quiet' }, 'Copy');

  constructor(command: string) {
    this.element = element('span', { class: 'command' }, this.code, this.copy);
    this.copy.addEventListener('click', () => void this.copied());
    this.set(command);
  }

  set(command: string): void {
    setText(this.code, command);
    setAttribute(this.copy, 'aria-label', `Copy: ${command}`);
  }

  private async copied(): Promise<void> {
    const done = await navigator.clipboard.writeText(this.code.textContent ?? '').then(
      () => true,
      () => false,
    );
    // Without the right to the clipboard the text is at least selected.
    if (!done) getSelection()?.selectAllChildren(this.code);
    setText(this.copy, done ? 'Copied' : 'Selected');
    setTimeout(() => setText(this.copy, 'Copy'), COPIED_MS);
  }
}
