/** Service worker of one attempt: without a line its pages are what this device keeps, not the browser's error page. */

const ATTEMPT = new URL(self.registration.scope).pathname; // Such as /attempts/K7F-2QD4/
const KEPT = `invigil-exam ${ATTEMPT.split("/")[2]} `;
const PAGES = /^(exam\/\d+|check-answers)?$/;
const PARTS = /^\/(bundle|static)\//;
const PATIENCE_MS = 10000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  const isHere = pathname.startsWith(ATTEMPT);
  const place = isHere ? pathname.slice(ATTEMPT.length) : "";
  if (isHere && request.mode === "navigate" && PAGES.test(place)) event.respondWith(page(request));
  else if (PARTS.test(pathname) || place.startsWith("assets/")) event.respondWith(part(request));
});

/** What this device keeps of the attempt; gone with the sign-out of the person it belongs to. */
async function kept(address) {
  const name = (await caches.keys()).find((one) => one.startsWith(KEPT));
  return name ? (await caches.open(name)).match(address) : undefined;
}

/** The portal's answer, whatever it is; only where there is none, the page that is kept, which says so itself. */
async function page(request) {
  try {
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

async function part(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const found = await kept(request.url);
    if (found) return found;
    throw error;
  }
}
