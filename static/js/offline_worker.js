/** Service worker of one attempt: without a connection its pages are what this device keeps, not the browser's error page. */

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const ATTEMPT = new URL(worker.registration.scope).pathname; // Such as /attempts/K7F-2QD4/
const KEPT = `invigil-exam ${ATTEMPT.split("/")[2]} `;
const PAGES = /^(exam\/\d+|check-answers)?$/;
const PARTS = /^\/(bundle|static)\//;
const PATIENCE_MS = 10000;

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== worker.location.origin) return;
  const isHere = pathname.startsWith(ATTEMPT);
  const place = isHere ? pathname.slice(ATTEMPT.length) : "";
  if (isHere && request.mode === "navigate" && PAGES.test(place)) event.respondWith(page(request));
  else if (PARTS.test(pathname) || place.startsWith("assets/")) event.respondWith(part(request));
});

/** What this device keeps of the attempt; gone with the sign-out of the person it belongs to. @param {string} address */
async function kept(address) {
  const name = (await caches.keys()).find((one) => one.startsWith(KEPT));
  return name ? (await caches.open(name)).match(address) : undefined;
}

/** The portal's answer, whatever it is; only where there is none, the page that is kept, which says so itself. @param {Request} request */
async function page(request) {
  try {
    /** @type {Promise<never>} */
    const tooLong = new Promise((_, reject) => setTimeout(() => reject(new Error("no answer")), PATIENCE_MS));
    const answer = await Promise.race([fetch(request), tooLong]);
    const isAway = answer.status >= 502 && answer.status <= 504;
    return (isAway && (await kept(`${ATTEMPT}kept/page`))) || answer;
  } catch (error) {
    const page = await kept(`${ATTEMPT}kept/page`);
    if (page) return page;
    throw error;
  }
}

/** @param {Request} request */
async function part(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const found = await kept(request.url);
    if (found) return found;
    throw error;
  }
}
