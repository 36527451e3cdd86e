/** Under a long text: how many words it has, how much room is left when it is little, and by how much it is too long. */

import { maybe } from "./elements.js";
import { say } from "./messages.js";

const MOST_BYTES = 64 * 1024;
const TOLD_FROM = 0.75;

/** @param {HTMLFormElement} form of a question; does nothing for those without a long text. */
export function countWords(form) {
  const field = maybe(form, "textarea[name=value]", HTMLTextAreaElement);
  if (!field) return;
  const place = Object.assign(document.createElement("p"), { className: "hint", id: "words-written" });
  field.after(place);
  field.setAttribute("aria-describedby", place.id);
  const show = () => (place.textContent = told(field.value));
  form.addEventListener("input", show);
  form.addEventListener("shown", show);
  show();
}

/** @param {string} text */
function told(text) {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > MOST_BYTES) return say("too_long", { n: Math.ceil((bytes - MOST_BYTES) / (bytes / text.length)) });
  const words = say("words", { n: text.trim() ? text.trim().split(/\s+/u).length : 0 });
  return bytes < TOLD_FROM * MOST_BYTES ? words : `${words}, ${say("room", { used: Math.round(bytes / 1024) })}`;
}
