/** A picture of a question, as large as the window, over the untouched page. */

import { button } from "./banners.js";
import { around, one } from "./elements.js";
import { say } from "./messages.js";

/** The clock of the page stays as it is. */
export function enlarging() {
  document.addEventListener("click", (event) => {
    const link = around(event, "a.enlarge");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link);
  });
}

/** @param {HTMLElement} link */
function open(link) {
  const dialog = Object.assign(document.createElement("dialog"), { className: "enlarged flow" });
  const picture = /** @type {HTMLImageElement} */ (one(link, "img", HTMLImageElement).cloneNode());
  for (const name of ["width", "height"]) picture.removeAttribute(name);
  dialog.setAttribute("aria-label", picture.alt || say("picture"));
  const close = button(say("close"), () => dialog.close());
  close.autofocus = true;
  dialog.append(picture, close);
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => (dialog.remove(), link.focus()));
  document.body.append(dialog);
  dialog.showModal();
}
