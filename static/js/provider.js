// Hosts a provider's own script as a worker and speaks edx-proctoring's worker messages with it.

/** @typedef {"startExamAttempt" | "endExamAttempt" | "ping"} Question */

/** @type {Record<Question, [string, string]>} yes, and no */
const ANSWERS = {
  startExamAttempt: ["examAttemptStarted", "examAttemptStartFailed"],
  endExamAttempt: ["examAttemptEnded", "examAttemptEndFailed"],
  ping: ["echo", "pingFailed"],
};

export class ProviderScript {
  /** @param {{ url: string, name: string | undefined, options?: object }} script */
  constructor({ url, name, options }) {
    this.name = name;
    // A worker must come from our own address, so a small one of ours brings in the provider's.
    const source = new Blob([`importScripts(${JSON.stringify(url)});`], { type: "text/javascript" });
    this.worker = new Worker(URL.createObjectURL(source));
    this.worker.postMessage({ type: "config", options: options ?? {} });
  }

  /**
   * Resolves when the provider says yes; rejects with its words, or when it says nothing in time.
   * @param {Question} type
   * @param {number} timeoutMs
   * @returns {Promise<void>}
   */
  ask(type, timeoutMs) {
    const [yes, no] = ANSWERS[type];
    return new Promise((resolve, reject) => {
      const settle = (/** @type {() => void} */ done) => {
        clearTimeout(timer);
        this.worker.removeEventListener("message", listen);
        done();
      };
      const fail = (/** @type {string} */ words) => settle(() => reject(new Error(words)));
      const listen = (/** @type {MessageEvent} */ { data }) => {
        if (data?.type === yes) settle(resolve);
        else if (data?.type === no) fail(String(data.error ?? "It said no."));
      };
      const timer = setTimeout(() => fail("It did not answer."), timeoutMs);
      this.worker.addEventListener("message", listen);
      this.worker.addEventListener("error", () => fail("Its script failed."), { once: true });
      this.worker.postMessage({ type, timeout: timeoutMs, attemptExternalId: this.name });
    });
  }
}

/** The page says in one element whether there is a provider's script, and what it is told. @param {HTMLElement} element */
export function providerOf(element) {
  const { workerUrl, attemptName } = element.dataset;
  return workerUrl ? new ProviderScript({ url: workerUrl, name: attemptName }) : null;
}
