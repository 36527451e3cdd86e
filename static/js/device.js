// Checks what this browser and its line can do. Nothing leaves the device but a few empty questions to our own server.

const list = document.getElementById("checks");
const button = document.getElementById("check-now");
const checked = document.getElementById("checked");
/** What is said in the page's language; `{n}` stands for a number. */
const words = JSON.parse(list.dataset.words);
const say = (key, n) => words[key].replace("{n}", n);

function show(key, ok, words) {
  const row = list.querySelector(`[data-check=${key}]`);
  const state = row.querySelector(".state");
  state.className = `state ${ok ? "state-accepted" : "state-interrupted"}`;
  state.querySelector("svg").replaceWith(document.getElementById(ok ? "sign-ok" : "sign-bad").content.cloneNode(true));
  state.querySelector(".word").textContent = words;
  row.querySelector(".fix").hidden = ok;
  return ok;
}

async function line() {
  const took = [];
  let skew = 0;
  for (let tries = 0; tries < 4; tries += 1) {
    const began = performance.now();
    const reply = await fetch(list.dataset.pingUrl, { cache: "no-store" });
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
  const opened = await new Promise((resolve) => {
    const request = indexedDB.open("invigil-check");
    request.onsuccess = () => (request.result.close(), resolve(true));
    request.onerror = () => resolve(false);
  });
  return show("storage", opened, opened ? say("works") : say("impossible"));
}

async function media(key, wanted) {
  try {
    const stream = await navigator.mediaDevices.getUserMedia(wanted);
    for (const track of stream.getTracks()) track.stop();
    return show(key, true, say("works"));
  } catch (error) {
    return show(key, false, error.name === "NotAllowedError" ? say("refused") : say("missing"));
  }
}

function screen() {
  const can = Boolean(navigator.mediaDevices?.getDisplayMedia);
  return show("screen", can, can ? say("possible") : say("impossible"));
}

async function checkAll() {
  button.disabled = true;
  checked.textContent = say("checking");
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
