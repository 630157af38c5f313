type Attribute = string | number | boolean | null | undefined;
type Child = Node | string | null | undefined;

/**
 * Makes an element. An attribute that is `false`, `null` or `undefined` is left out, `true` is present without a value.
 * Text is always text: nothing that comes from the cluster is read as markup.
 */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, Attribute>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(made, name, value);
  for (const child of children) if (child !== null && child !== undefined) made.append(child);
  return made;
}

/** Sets or takes away an attribute, and leaves the document alone when it is so already. */
export function setAttribute(target: Element, name: string, value: Attribute): void {
  const text = value === true ? '' : value === false || value === null ? undefined : value?.toString();
  if (text === undefined) {
    if (target.hasAttribute(name)) target.removeAttribute(name);
  } else if (target.getAttribute(name) !== text) {
    target.setAttribute(name, text);
  }
}

/** Sets the text, and leaves the document alone when it is so already. */
export function setText(target: Node, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

/** An element of the page's own HTML. @throws Error when page.html and the code do not fit together */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`page.html has no #${id}`);
  return found;
}

/** What only screen readers say. */
export function spoken(text: string): HTMLSpanElement {
  return element('span', { class: 'spoken' }, text);
}
