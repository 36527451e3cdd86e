/** The fields in which a question is answered. The template of its kind says which stand there; no kind is named here. */

/** In their order: the first whose fields a form has reads them, puts another answer there, and says one in words. */
const WAYS = {
  file: {
    isIn: (form) => form.querySelector("input[type=file]"),
    read: ({ dataset }) => (dataset.file ? JSON.parse(dataset.file) : null), // Sent by a button of its own; here it is as it was.
    put: ({ dataset }, value) => (dataset.file = JSON.stringify(value ?? null)),
    words: (form, value) => value.name,
  },
  boxes: {
    isIn: (form) => form.querySelector("[name=value][type=checkbox]"),
    read: (form) => (chosen(form).length ? chosen(form) : null),
    put: choose,
    words: labels,
  },
  buttons: {
    isIn: (form) => form.querySelector("[name=value][type=radio]"),
    read: (form) => chosen(form)[0] || null,
    put: choose,
    words: labels,
  },
  text: {
    isIn: () => true, // Also where the author gave no choices.
    read: (form) => form.elements.value?.value || null,
    put: ({ elements }, value) => elements.value && (elements.value.value = value ?? ""),
    words: (form, value) => value,
  },
};

/** @param {HTMLFormElement} form of a question @returns {string} which of the ways its fields are */
export function wayOf(form) {
  return Object.keys(WAYS).find((name) => WAYS[name].isIn(form));
}

/** What the fields say now; null is no answer. */
export function read(form) {
  return WAYS[wayOf(form)].read(form);
}

export function put(form, value) {
  WAYS[wayOf(form)].put(form, value);
}

/** An answer in words, choices by their labels. */
export function inWords(form, value) {
  return value === null || value === undefined ? "" : WAYS[wayOf(form)].words(form, value);
}

function chosen(form) {
  return [...form.querySelectorAll("[name=value]:checked")].map((one) => one.value);
}

function choose(form, value) {
  for (const field of form.querySelectorAll("[name=value]")) field.checked = [value].flat().includes(field.value);
}

function labels(form, value) {
  const label = (one) => form.querySelector(`[name=value][value="${CSS.escape(one)}"]`)?.closest("label")?.textContent.trim() ?? one;
  return [value].flat().map(label).join(", ");
}
