// Checks what this browser and its line can do. Nothing leaves the device but a few empty questions to our own server.

import { byId, one } from "./elements.js";

const list = byId("checks");
const button = byId("check-now", HTMLButtonElement);
const checked = byId("checked");
const { pingUrl = "" } = list.dataset;
/** What is said in the page's language; `{n}` stands for a number. @type {Record<string, string>} */
const words = JSON.parse(list.dataset.words ?? "{}");

/** @param {string} key @param {number | string} n */
function say(key, n = "") {
  return words[key].replace("{n}", String(n));
}

/** @param {string} key @param {boolean} ok @param {string} words */
function show(key, ok, words) {
  const row = one(list, `[data-check=${key}]`);
  const state = one(row, ".state");
  state.className = `state ${ok ? "state-accepted" : "state-interrupted"}`;
  one(state, "svg", SVGElement).replaceWith(byId(ok ? "sign-ok" : "sign-bad", HTMLTemplateElement).content.cloneNode(true));
  one(state, ".word").textContent = words;
  one(row, ".fix").hidden = ok;
  return ok;
}

async function line() {
  /** @type {number[]} */
  const took = [];
  let skew = 0;
  for (let tries = 0; tries < 4; tries += 1) {
    const began = performance.now();
    const reply = await fetch(pingUrl, { cache: "no-store" });
    took.push(performance.now() - began);
    const date = Date.parse(reply.headers.get("Date") ?? "");
    if (date) skew = Math.abs(Date.now() - date);
  }
  const middle = took.sort((a, b) => a - b)[1];
  const minutes = Math.round(skew / 60000);
  show("clock", minutes < 2, minutes < 2 ? say("right") : say("off", minutes));
  return show("line", middle < 1500, middle < 1500 ? say("fast", Math.round(middle)) : say("slow"));
}

async function storage() {
  /** @type {boolean} */
  const opened = await new Promise((resolve) => {
    const request = indexedDB.open("invigil-check");
    request.onsuccess = () => (request.result.close(), resolve(true));
    request.onerror = () => resolve(false);
  });
  return show("storage", opened, opened ? say("works") : say("impossible"));
}

/** @param {string} key @param {MediaStreamConstraints} wanted */
async function media(key, wanted) {
  try {
    const stream = await navigator.mediaDevices.getUserMedia(wanted);
    for (const track of stream.getTracks()) track.stop();
    return show(key, true, say("works"));
  } catch (error) {
    return show(key, false, error instanceof Error && error.name === "NotAllowedError" ? say("refused") : say("missing"));
  }
}

function screen() {
  const can = Boolean(navigator.mediaDevices?.getDisplayMedia);
  return show("screen", can, can ? say("possible") : say("impossible"));
}

async function checkAll() {
  button.disabled = true;
  checked.textContent = say("checking");
  /** @type {boolean[]} */
  const results = [];
  for (const one of [line, storage, () => media("camera", { video: true }), () => media("sound", { audio: true }), screen]) {
    try {
      results.push(await one());
    } catch {
      results.push(false);
    }
  }
  const ok = results.every(Boolean);
  try {
    localStorage.setItem("invigil.device", JSON.stringify({ at: Date.now(), ok }));
  } catch {
    // A browser that keeps nothing is checked again next time.
  }
  checked.textContent = ok ? say("fine") : say("look");
  button.disabled = false;
}

button.hidden = false;
button.addEventListener("click", checkAll);
