// Hosts a provider's own script as a worker and speaks edx-proctoring's worker messages with it.

const ANSWERS = {
  startExamAttempt: ["examAttemptStarted", "examAttemptStartFailed"],
  endExamAttempt: ["examAttemptEnded", "examAttemptEndFailed"],
  ping: ["echo", "pingFailed"],
};

export class ProviderScript {
  constructor({ url, name, options }) {
    this.name = name;
    // A worker must come from our own address, so a small one of ours brings in the provider's.
    const source = new Blob([`importScripts(${JSON.stringify(url)});`], { type: "text/javascript" });
    this.worker = new Worker(URL.createObjectURL(source));
    this.worker.postMessage({ type: "config", options: options ?? {} });
  }

  // Resolves when the provider says yes; rejects with its words, or when it says nothing in time.
  ask(type, timeoutMs) {
    const [yes, no] = ANSWERS[type];
    return new Promise((resolve, reject) => {
      const settle = (done, value) => {
        clearTimeout(timer);
        this.worker.removeEventListener("message", listen);
        done(value);
      };
      const listen = ({ data }) => {
        if (data?.type === yes) settle(resolve);
        else if (data?.type === no) settle(reject, new Error(String(data.error ?? "It said no.")));
      };
      const timer = setTimeout(() => settle(reject, new Error("It did not answer.")), timeoutMs);
      this.worker.addEventListener("message", listen);
      this.worker.addEventListener("error", () => settle(reject, new Error("Its script failed.")), { once: true });
      this.worker.postMessage({ type, timeout: timeoutMs, attemptExternalId: this.name });
    });
  }
}

// The page says in one element whether there is a provider's script, and what it is told.
export function providerOf(element) {
  const { workerUrl, attemptName } = element?.dataset ?? {};
  return workerUrl ? new ProviderScript({ url: workerUrl, name: attemptName }) : null;
}
