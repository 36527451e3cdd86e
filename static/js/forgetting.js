/** What a device kept of running exams is removed: at the receipt, on signing out, and when somebody else signs in. */

const KEPT = "invigil-exam";

/** The name of what is kept of one attempt for one person. @param {string} attempt @param {string} person */
export function nameOf(attempt, person) {
  return `${KEPT} ${attempt} ${person}`;
}

/** Whatever another person's exams left here. @param {string} person */
export function forgetOthers(person) {
  return forget((name) => !name.endsWith(` ${person}`));
}

/** One attempt's: it is over. @param {string} attempt */
export function forgetAttempt(attempt) {
  return forget((name) => name.startsWith(`${KEPT} ${attempt} `));
}

/** Everything: nobody is signed in. */
export function forgetEverything() {
  return forget(() => true);
}

/** @param {(name: string) => boolean} isMeant */
async function forget(isMeant) {
  try {
    for (const name of await caches.keys()) {
      if (!name.startsWith(`${KEPT} `) || !isMeant(name)) continue;
      await caches.delete(name);
      const scope = new URL(`/attempts/${name.split(" ")[1]}/`, location.href).href;
      const found = await navigator.serviceWorker?.getRegistration(scope);
      if (found?.scope === scope) await found.unregister();
    }
  } catch {
    /* Where nothing can be kept, there is nothing to forget. */
  }
}
