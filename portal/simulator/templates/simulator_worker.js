// A provider's worker: it answers the messages of the exam page by asking the desktop application.
const base = {{ base|tojson }};

async function ask(path, attempt, timeout) {
  const method = path === 'ping' ? 'GET' : 'POST';
  const signal = timeout ? AbortSignal.timeout(timeout) : undefined;
  const query = attempt ? `?attempt=${encodeURIComponent(attempt)}` : '';
  const answer = await fetch(`${base}/desktop/${path}${query}`, { method, signal });
  if (!answer.ok) throw new Error(`The desktop application answered ${answer.status}.`);
  const { status } = await answer.json();
  return status;
}

const actions = {
  startExamAttempt: ['start', 'running', 'examAttemptStarted', 'examAttemptStartFailed'],
  endExamAttempt: ['stop', 'uploading', 'examAttemptEnded', 'examAttemptEndFailed'],
  ping: ['ping', 'running', 'echo', 'pingFailed'],
};

self.addEventListener('message', async ({ data }) => {
  if (!(data && data.type in actions)) return;
  const [path, wanted, well, badly] = actions[data.type];
  try {
    const status = await ask(path, data.attemptExternalId, data.timeout);
    if (status !== wanted) throw new Error(`The desktop application is ${status || 'not running'}.`);
    self.postMessage({ type: well });
  } catch (error) {
    self.postMessage({ type: badly, error: String(error.message || error) });
  }
});
