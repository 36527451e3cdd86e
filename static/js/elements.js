/** Elements of a page, each of the kind that is asked for. Where one must be there and is not, that is said by its name. */

/**
 * @template {Element} [T=HTMLElement]
 * @param {string} id
 * @param {new () => T} [kind]
 * @returns {T}
 */
export function byId(id, kind) {
  return one(document, `#${id}`, kind);
}

/**
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} [kind]
 * @returns {T}
 */
export function one(root, selector, kind) {
  const found = maybe(root, selector, kind);
  if (!found) throw new Error(`The page has no ${selector}`);
  return found;
}

/**
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} [kind]
 * @returns {T | null}
 */
export function maybe(root, selector, kind) {
  const found = root.querySelector(selector);
  return isOf(found, kind) ? found : null;
}

/**
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} [kind]
 * @returns {T[]}
 */
export function all(root, selector, kind) {
  return [...root.querySelectorAll(selector)].filter((found) => isOf(found, kind));
}

/**
 * What was pressed, or what it stands in; the target of an event may also be the document.
 * @template {Element} [T=HTMLElement]
 * @param {Event} event
 * @param {string} selector
 * @param {new () => T} [kind]
 * @returns {T | null}
 */
export function around({ target }, selector, kind) {
  const found = target instanceof Element ? target.closest(selector) : null;
  return isOf(found, kind) ? found : null;
}

/** What the button says that a form is submitted with. @param {SubmitEvent} event */
export function pressed({ submitter }) {
  return submitter instanceof HTMLButtonElement ? submitter.value : undefined;
}

/**
 * The field of a form by its name; null where the form has none, or several.
 * @param {HTMLFormElement} form
 * @param {string} name
 * @returns {HTMLInputElement | null}
 */
export function maybeField(form, name) {
  const found = form.elements.namedItem(name);
  return isOf(found, HTMLInputElement) ? found : null;
}

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 * @returns {HTMLInputElement}
 */
export function field(form, name) {
  const found = maybeField(form, name);
  if (!found) throw new Error(`The form has no ${name}`);
  return found;
}

/**
 * @template {Element} [T=HTMLElement]
 * @param {unknown} found
 * @param {new () => T} [kind]
 * @returns {found is T}
 */
function isOf(found, kind) {
  return found instanceof (kind ?? HTMLElement);
}
