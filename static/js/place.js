/** The question that somebody is at, taken along to a page that leads back to it. */

/** @param {string} address of a page of this attempt */
export function withPlace(address) {
  const number = /\/exam\/(\d+)$/.exec(location.pathname)?.[1];
  const there = new URL(address, location.href);
  if (number && /\/(interrupted)?$/.test(there.pathname)) there.searchParams.set("to", number);
  return there.href;
}
