// What a sender that goes ten times over its limit does to another one: latencies of the quiet one, with the noisy one
// and without, in turns.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { constants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '#core/clock.ts';
import { type Signalbox, startSignalbox } from '../test/support/start-signalbox.ts';
import { describeMachine, spread } from './machine.ts';
import { sampleTraceRequests } from './sample-requests.ts';

const ROUNDS = 5;
const TURN_MS = 6_000;
const QUIET = { perSecond: 50, spans: 50 };
const NOISY = { itemsPerSecond: 1_000, times: 10, spans: 50, connections: 16 };

async function makeKey(signalbox: Signalbox, key: object): Promise<string> {
  const answer = await signalbox.fetchApi('/api/v1/keys', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(key),
  });
  if (answer.status !== 201) throw new Error(`no key: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { key: string }).key;
}

/** Sends at even times, without waiting for answers, and returns how long each took in milliseconds. */
async function measureQuiet(port: number, key: string, agent: Agent): Promise<number[]> {
  const bodies = sampleTraceRequests({ requests: 16, spans: QUIET.spans, startUnixNano: systemClock() });
  const times: Promise<number>[] = [];
  const count = (TURN_MS / 1000) * QUIET.perSecond;
  const begin = performance.now();
  for (let at = 0; at < count; at++) {
    const due = begin + (at * 1000) / QUIET.perSecond;
    await sleep(Math.max(0, due - performance.now()));
    times.push(post({ agent, port, key, body: bodies[at % bodies.length]! }));
  }
  return Promise.all(times);
}

function post(one: { agent: Agent; port: number; key: string; body: Uint8Array }): Promise<number> {
  const begin = performance.now();
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/x-protobuf',
      'content-length': one.body.length,
      'x-api-key': one.key,
    };
    const { agent, port } = one;
    const outgoing = request({ agent, host: '127.0.0.1', port, method: 'POST', path: '/v1/traces', headers });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      response.resume();
      response.on('end', () => {
        if (response.statusCode === 200) resolve(performance.now() - begin);
        else reject(new Error(`the quiet sender was answered ${response.statusCode}`));
      });
    });
    outgoing.end(one.body);
  });
}

function p99(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.ceil(times.length * 0.99) - 1]!;
}

async function countsOf(flood: ChildProcess): Promise<Record<string, number>> {
  flood.send('count');
  const [{ answers }] = (await once(flood, 'message')) as [{ answers: Record<string, number> }];
  return answers;
}

const dataDir = mkdtempSync(join(tmpdir(), 'signalbox-bench-'));
const signalbox = await startSignalbox({ dataDir });
const port = Number(new URL(signalbox.otlpHttpUrl).port);
const quietKey = await makeKey(signalbox, { name: 'quiet', tenant: 'quiet' });
const noisyKey = await makeKey(signalbox, {
  name: 'noisy',
  tenant: 'noisy',
  limits: { itemsPerSecond: NOISY.itemsPerSecond },
});
const atLimit = NOISY.itemsPerSecond / NOISY.spans;
/** Requests a second of the noisy sender. */
const STATES = { absent: 0, 'at its limit': atLimit, 'over it': atLimit * NOISY.times };
type State = keyof typeof STATES;

const flood = fork(join(import.meta.dirname, 'flood-process.ts'), [
  String(port),
  noisyKey,
  ...[NOISY.spans, NOISY.connections].map(String),
]);
// It would be on another machine: its own processor time is not what is measured.
setPriority(flood.pid!, constants.priority.PRIORITY_LOW);
await once(flood, 'message');
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

async function turn(state: State): Promise<number> {
  flood.send(STATES[state]);
  // What was saved up for a burst is used up by then.
  await sleep(state === 'over it' ? 2_000 : 500);
  return p99(await measureQuiet(port, quietKey, agent));
}

process.stdout.write(`${describeMachine()}\n`);
// Nothing is compiled any more after this.
for (const state of Object.keys(STATES) as State[]) await turn(state);
const rounds: Record<State, number>[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const order = Object.keys(STATES) as State[];
  if (round % 2 === 1) order.reverse();
  const measured: Partial<Record<State, number>> = {};
  for (const state of order) measured[state] = await turn(state);
  rounds.push(measured as Record<State, number>);
}
const answers = await countsOf(flood);
flood.disconnect();
agent.destroy();
await signalbox.stop();
rmSync(dataDir, { recursive: true });
process.stdout.write(
  `quiet sender: ${QUIET.perSecond} requests of ${QUIET.spans} spans a second; noisy one: limit ${NOISY.itemsPerSecond} spans a second\n`,
);
for (const state of Object.keys(STATES) as State[]) {
  const times = rounds.map((round) => round[state]);
  process.stdout.write(`p99 in milliseconds, noisy one ${state.padEnd(12)}: ${spread(times, 2)}\n`);
}
for (const base of ['absent', 'at its limit'] as const) {
  const ratios = rounds.map((round) => round['over it'] / round[base]);
  process.stdout.write(`${NOISY.times} times over it against ${base}: ${spread(ratios, 2)}\n`);
}
process.stdout.write(`answers to the noisy one by status: ${JSON.stringify(answers)}\n`);
