// Drives one kind of work with autocannon: node drive.mjs PLAN; prints counts and latencies as JSON.
// PLAN: {url, connections, warm_seconds, seconds, journeys: [[{method, path, headers, body, expect}, …], …], requests}
// Several urls share the connections. With requests, it ends after so many, at the latest after the seconds.
// A journey is one unit of work; its steps follow each other. A path may hold {went}, the address the step before
// led to; a body may hold {version} and {next}, the version that the reply before gave, and the one after it.
import autocannon from 'autocannon';
import { readFileSync } from 'node:fs';

const plan = JSON.parse(readFileSync(process.argv[2], 'utf8'));
let latencies = [];
const wrong = {};
let gone = 0;
let running;

// Each connection has journeys of its own, so that no two do the same at once.
function share(index) {
  const mine = plan.journeys.filter((_, number) => number % plan.connections === index);
  return { mine, at: -1, went: '', spent: 0 };
}

function fill(text, state) {
  const journey = state.mine[state.at];
  const version = journey.version ?? 0;
  return text.replace('{went}', state.went).replaceAll('{version}', version).replaceAll('{next}', version + 1);
}

function prepare(request, step, state) {
  if (step === 0) {
    state.at += 1;
    state.spent = 0;
    if (state.at === state.mine.length) state.at = 0;
  }
  const { method, path, headers, body } = state.mine[state.at][step];
  request.method = method;
  request.path = fill(path, state);
  request.headers = headers;
  request.body = body ? fill(body, state) : '';
  return request;
}

function note(status, body, headers, step, state) {
  const journey = state.mine[state.at];
  if (status !== journey[step].expect) wrong[status] = (wrong[status] ?? 0) + 1;
  const location = headers.location ?? headers.Location ?? '';
  state.went = location.replace(/\/$/, '');
  if (plan.versions && status === 200) journey.version = JSON.parse(body).version;
}

let next = 0;
function setUp(client) {
  const state = share(next++ % plan.connections);
  const steps = state.mine[0].map((_, step) => ({
    setupRequest: (request) => prepare(request, step, state),
    onResponse: (status, body, context, headers) => note(status, body, headers, step, state),
  }));
  let step = 0;
  let left = state.mine.length;
  client.setRequests(steps);
  // What can be gone only once: a connection ends with its last journey, and the measuring with the first that ends.
  if (plan.once) client.responseMax = left * steps.length;
  if (plan.requests) client.responseMax = plan.requests / plan.connections; // So many in all, all of them measured.
  client.on('response', (status, bytes, milliseconds) => {
    state.spent += milliseconds;
    step = (step + 1) % steps.length;
    if (step === 0) {
      gone += 1;
      if (!stopped) latencies.push(state.spent);
      state.spent = 0;
      left -= 1;
      if ((plan.once && left === 0) || gone === plan.requests) stop();
    }
  });
}

// Where the journeys are gone before the warm-up has ended, all of them are measured.
const now = () => process.hrtime.bigint();
let from = now();
let ended = 0n;
let stopped = false;
function stop() {
  if (stopped) return;
  stopped = true;
  ended = now();
}
function begin() {
  if (stopped) return;
  latencies = [];
  from = now();
}
running = autocannon({
  url: plan.url, connections: plan.connections, duration: plan.warm_seconds + plan.seconds + 1,
  timeout: 30, setupClient: setUp,
});
setTimeout(begin, plan.warm_seconds * 1000);
setTimeout(() => { stop(); running.stop(); }, (plan.warm_seconds + plan.seconds) * 1000);
const result = await running;
stop();
const seconds = Number(ended - from) / 1e9;
const said = JSON.stringify({
  latencies, gone, seconds, wrong, broken: result.errors,
  own_cpu_seconds: process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6,
});
process.stdout.write(said, () => process.exit(0)); // Not before the pipe has taken all of it.
