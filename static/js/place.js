/** The question that somebody is at: taken along to a page that leads back to it, and kept for when they come back. */

const COOKIE = "invigil-place"; // Read and written by portal/web/attempt/page/last_place.py, too.
const KEPT_SECONDS = 7 * 24 * 3600;
const MOST_ATTEMPTS = 4;
const QUESTION = /\/attempts\/([^/]+)\/exam\/(\d+)$/;

/** @param {string} address of a page of this attempt */
export function withPlace(address) {
  const number = QUESTION.exec(location.pathname)?.[2];
  const there = new URL(address, location.href);
  if (number && /\/(interrupted)?$/.test(there.pathname)) there.searchParams.set("to", number);
  return there.href;
}

/** The question whose address this page has is the one to come back to, also from another page or after a crash. */
export function keepPlace() {
  const [, attempt, number] = QUESTION.exec(location.pathname) ?? [];
  if (!number) return;
  const known = document.cookie.split("; ").find((one) => one.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1) ?? "";
  const others = known.split("~").filter((one) => one && !one.startsWith(`${attempt}.`));
  const places = [`${attempt}.${number}`, ...others].slice(0, MOST_ATTEMPTS).join("~");
  const isSecure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${COOKIE}=${places}; Path=/attempts/; Max-Age=${KEPT_SECONDS}; SameSite=Lax${isSecure}`;
}
