/** What was typed and not yet acknowledged, kept on this device: in IndexedDB, or as well as the browser allows. */

/** @import { Entry } from "./sender.js" */

const STORE = "unsent";
const VISIT = "invigil-visit";

/** The same three verbs over localStorage, for browsers that keep no database (some private windows). */
class Slips {
  /** @param {string} attempt */
  constructor(attempt) {
    this.key = `invigil-unsent-${attempt}`;
  }

  /** @param {Entry} entry */
  async put(entry) {
    this.write([...this.read().filter((one) => one.question !== entry.question), entry]);
  }

  /** @param {number} question @param {number} at */
  async remove(question, at) {
    this.write(this.read().filter((one) => one.question !== question || one.at > at));
  }

  async list() {
    return this.read();
  }

  /** @returns {Entry[]} */
  read() {
    try {
      return JSON.parse(localStorage.getItem(this.key) ?? "[]");
    } catch {
      return [];
    }
  }

  /** @param {Entry[]} entries */
  write(entries) {
    try {
      localStorage.setItem(this.key, JSON.stringify(entries));
    } catch {
      /* No storage at all: the page itself still holds it. */
    }
  }
}

class Pages {
  /** @param {IDBDatabase} database @param {string} attempt */
  constructor(database, attempt) {
    this.database = database;
    this.attempt = attempt;
  }

  /** @param {Entry} entry */
  put(entry) {
    return this.change((store) => store.put({ ...entry, attempt: this.attempt }));
  }

  /** Forget an answer that was acknowledged, unless something newer was typed since. @param {number} question @param {number} at */
  remove(question, at) {
    return this.change((store) => {
      const found = store.get([this.attempt, question]);
      found.onsuccess = () => found.result?.at <= at && store.delete([this.attempt, question]);
    });
  }

  /** @returns {Promise<Entry[]>} */
  list() {
    const range = IDBKeyRange.bound([this.attempt, 0], [this.attempt, Infinity]);
    return new Promise((resolve) => {
      const found = this.database.transaction(STORE).objectStore(STORE).getAll(range);
      found.onsuccess = () => resolve(found.result);
      found.onerror = () => resolve([]);
    });
  }

  /** @param {(store: IDBObjectStore) => void} act @returns {Promise<void>} */
  change(act) {
    return new Promise((resolve) => {
      const transaction = this.database.transaction(STORE, "readwrite");
      transaction.oncomplete = transaction.onabort = () => resolve();
      act(transaction.objectStore(STORE));
    });
  }
}

/** The journal of one attempt. Opening the database may take its time; nothing else waits for it. */
export class Journal {
  /** @param {string} attempt */
  constructor(attempt) {
    /** @type {Promise<Slips | Pages>} */
    this.store = new Promise((resolve) => {
      const instead = () => resolve(new Slips(attempt));
      try {
        const opening = indexedDB.open("invigil", 1);
        opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: ["attempt", "question"] });
        opening.onsuccess = () => resolve(new Pages(opening.result, attempt));
        opening.onerror = opening.onblocked = instead;
      } catch {
        instead();
      }
    });
  }

  /** @param {Entry} entry */
  async put(entry) {
    await (await this.store).put(entry);
  }

  /** @param {number} question */
  async remove(question, at = Infinity) {
    await (await this.store).remove(question, at);
  }

  async list() {
    return (await this.store).list();
  }
}

/** This tab's stay, the same after a reload; and whether the tab of another stay is still open. */
export function visit() {
  const known = sessionStorage.getItem(VISIT) ?? `${Math.random()}`.slice(2);
  sessionStorage.setItem(VISIT, known);
  navigator.locks?.request(`${VISIT}-${known}`, { mode: "shared" }, () => new Promise(() => {}));
  return known;
}

/** A stay of its own for a tab that began as a copy of another. */
export function anotherVisit() {
  sessionStorage.removeItem(VISIT);
  return visit();
}

/** @param {string} visit */
export async function isOpen(visit) {
  return (await openCount(visit)) > 0;
}

/** In how many tabs a stay is open: two, where one tab is a copy of the other. @param {string} visit */
export async function openCount(visit) {
  const locks = await navigator.locks?.query();
  return locks?.held?.filter((one) => one.name === `${VISIT}-${visit}`).length ?? 0;
}
