/** Files that are being sent, kept on this device until the portal has every byte, so that a reload loses none. */

const [NAME, STORE] = ["invigil-files", "sending"];
const KEPT_MS = 2 * 24 * 60 * 60 * 1000;

/**
 * A file on its way, and what is kept of it: whose it is, and since when.
 * @typedef {{ question: number, number: number, beginUrl: string, file: File }} FileEntry
 * @typedef {FileEntry & { attempt: string, visit: string, at: number }} KeptFile
 */

/**
 * One change or question, with the database open for no longer than that; undefined where a browser keeps none.
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T> | undefined} act
 * @returns {Promise<T | undefined>}
 */
function within(mode, act) {
  return new Promise((resolve) => {
    try {
      const opening = indexedDB.open(NAME, 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: ["attempt", "question"] });
      opening.onerror = opening.onblocked = () => resolve(undefined);
      opening.onsuccess = () => {
        const transaction = opening.result.transaction(STORE, mode);
        const asked = act(transaction.objectStore(STORE));
        transaction.oncomplete = transaction.onabort = () => (opening.result.close(), resolve(asked?.result));
      };
    } catch {
      resolve(undefined);
    }
  });
}

/** @param {KeptFile} entry */
export function keep(entry) {
  return within("readwrite", (store) => void store.put(entry));
}

/** @param {string} attempt @param {number} question */
export function forget(attempt, question) {
  return within("readwrite", (store) => void store.delete([attempt, question]));
}

/** What was being sent for this attempt. Old ones of any other are dropped on the way. @param {string} attempt */
export async function listKept(attempt) {
  /** @type {KeptFile[]} */
  const all = (await within("readonly", (store) => store.getAll())) ?? [];
  for (const one of all) if (Date.now() - one.at > KEPT_MS) await forget(one.attempt, one.question);
  return all.filter((one) => one.attempt === attempt && Date.now() - one.at <= KEPT_MS);
}

/** The attempt is over: nothing of it stays on the device. @param {string} attempt */
export async function forgetAll(attempt) {
  for (const one of await listKept(attempt)) await forget(attempt, one.question);
}
