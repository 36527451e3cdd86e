/** A picture of a question, as large as the window, over the untouched page. */

import { button } from "./banners.js";
import { say } from "./words.js";

/** @param {object} page the exam page, whose clock stays as it is */
export function enlarging(page) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.enlarge");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    page.enlarged = open(link);
  });
}

function open(link) {
  const dialog = Object.assign(document.createElement("dialog"), { className: "enlarged flow" });
  const picture = link.querySelector("img").cloneNode();
  for (const name of ["width", "height"]) picture.removeAttribute(name);
  dialog.setAttribute("aria-label", picture.alt || say("picture"));
  const close = button(say("close"), () => dialog.close());
  close.autofocus = true;
  dialog.append(picture, close);
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => (dialog.remove(), link.focus()));
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
