/** The fields in which a question is answered. The template of its kind says which stand there; no kind is named here. */

import { all, maybe } from "./elements.js";

/**
 * What is known of a file that was sent.
 * @typedef {{ name: string }} FileValue
 * An answer, as the portal keeps it; null is no answer.
 * @typedef {string | string[] | FileValue | null | undefined} Value
 * @typedef {object} Way
 * @property {(form: HTMLFormElement) => boolean} isIn whether a form has these fields
 * @property {(form: HTMLFormElement) => Value} read
 * @property {(form: HTMLFormElement, value: Value) => void} put
 * @property {(form: HTMLFormElement, value: Value) => string} words
 */

/**
 * In their order: the first whose fields a form has reads them, puts another answer there, and says one in words.
 * @type {Record<string, Way>}
 */
const WAYS = {
  file: {
    isIn: (form) => Boolean(form.querySelector("input[type=file]")),
    read: ({ dataset }) => (dataset.file ? JSON.parse(dataset.file) : null), // Sent by a button of its own; here it is as it was.
    put: ({ dataset }, value) => (dataset.file = JSON.stringify(value ?? null)),
    words: (_, value) => /** @type {FileValue} */ (value).name,
  },
  boxes: {
    isIn: (form) => Boolean(form.querySelector("[name=value][type=checkbox]")),
    read: (form) => (chosen(form).length ? chosen(form) : null),
    put: choose,
    words: labels,
  },
  buttons: {
    isIn: (form) => Boolean(form.querySelector("[name=value][type=radio]")),
    read: (form) => chosen(form)[0] || null,
    put: choose,
    words: labels,
  },
  text: {
    isIn: () => true, // Also where the author gave no choices.
    read: (form) => textOf(form)?.value || null,
    put: (form, value) => {
      const field = textOf(form);
      if (field) field.value = String(value ?? "");
    },
    words: (_, value) => String(value),
  },
};

/** @param {HTMLFormElement} form of a question @returns {string} which of the ways its fields are */
export function wayOf(form) {
  return Object.keys(WAYS).find((name) => WAYS[name].isIn(form)) ?? "text";
}

/** What the fields say now; null is no answer. @param {HTMLFormElement} form */
export function read(form) {
  return WAYS[wayOf(form)].read(form);
}

/** @param {HTMLFormElement} form @param {Value} value */
export function put(form, value) {
  WAYS[wayOf(form)].put(form, value);
}

/** An answer in words, choices by their labels. @param {HTMLFormElement} form @param {Value} value */
export function inWords(form, value) {
  return value === null || value === undefined ? "" : WAYS[wayOf(form)].words(form, value);
}

/** A line or a long text: both have a value. @param {HTMLFormElement} form */
function textOf(form) {
  return maybe(form, "input[name=value]", HTMLInputElement) ?? maybe(form, "textarea[name=value]", HTMLTextAreaElement);
}

/** @param {HTMLFormElement} form */
function chosen(form) {
  return all(form, "[name=value]:checked", HTMLInputElement).map((one) => one.value);
}

/** @param {HTMLFormElement} form @param {Value} value */
function choose(form, value) {
  for (const field of all(form, "[name=value]", HTMLInputElement)) field.checked = [value].flat().includes(field.value);
}

/** @param {HTMLFormElement} form @param {Value} value */
function labels(form, value) {
  const fieldOf = (/** @type {Value} */ one) => form.querySelector(`[name=value][value="${CSS.escape(String(one))}"]`);
  return [value].flat().map((one) => fieldOf(one)?.closest("label")?.textContent.trim() ?? one).join(", ");
}
