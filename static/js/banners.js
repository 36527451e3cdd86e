/** Banners above the question: a sign, a sentence, and buttons to answer with. */

/** @typedef {"ok" | "warn" | "bad" | "info"} Tone */

/** @type {Record<Tone, string>} */
const SIGNS = { ok: "tick", warn: "alert", bad: "alert", info: "info" };

/** An icon of the portal's own, by the name it has in the sprite. @param {string} name */
export function icon(name) {
  const known = document.querySelector("svg use")?.getAttribute("href") ?? "";
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", known.replace(/#.*/, `#${name}`));
  svg.append(use);
  return svg;
}

/**
 * @param {Tone} tone
 * @param {string} text
 * @param {Record<string, () => void>} choices what its buttons do, by their words
 */
export function banner(tone, text, choices = {}) {
  const box = document.createElement("div");
  box.className = `banner is-${tone}`;
  const words = document.createElement("p");
  words.textContent = text;
  box.append(icon(SIGNS[tone]), words);
  const buttons = document.createElement("div");
  buttons.className = "actions";
  for (const [label, act] of Object.entries(choices)) buttons.append(button(label, () => (box.remove(), act())));
  if (buttons.childElementCount) box.append(buttons);
  document.getElementById("banners")?.prepend(box);
  return box;
}

/** @param {string} label @param {() => void} act */
export function button(label, act) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "button small", textContent: label });
  made.addEventListener("click", act);
  return made;
}
