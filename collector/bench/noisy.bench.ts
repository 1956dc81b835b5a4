// What a sender that goes ten times over its limit does to another one: latencies of the quiet one, with the noisy one
// and without, in turns.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '#core/clock.ts';
import { type Signalbox, startSignalbox } from '../test/support/start-signalbox.ts';
import { describeMachine, spread } from './machine.ts';
import { sampleTraceRequests } from './sample-requests.ts';

const PAIRS = 7;
const TURN_MS = 8_000;
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
const rate = (NOISY.itemsPerSecond * NOISY.times) / NOISY.spans;
const flood = fork(join(import.meta.dirname, 'flood-process.ts'), [
  String(port),
  noisyKey,
  ...[rate, NOISY.spans, NOISY.connections].map(String),
]);
await once(flood, 'message');
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
process.stdout.write(`${describeMachine()}\n`);
// Nothing is compiled any more after this.
for (const state of ['on', 'off']) {
  flood.send(state);
  await measureQuiet(port, quietKey, agent);
}
const pairs: { alone: number; beside: number }[] = [];
for (let pair = 0; pair < PAIRS; pair++) {
  const turn = async (state: 'on' | 'off') => {
    flood.send(state);
    await sleep(1_000);
    return p99(await measureQuiet(port, quietKey, agent));
  };
  const order = pair % 2 === 0 ? (['off', 'on'] as const) : (['on', 'off'] as const);
  const measured: Record<string, number> = {};
  for (const state of order) measured[state] = await turn(state);
  pairs.push({ alone: measured.off!, beside: measured.on! });
}
const answers = await countsOf(flood);
flood.disconnect();
agent.destroy();
await signalbox.stop();
rmSync(dataDir, { recursive: true });
process.stdout.write(
  `quiet sender (${QUIET.perSecond} requests of ${QUIET.spans} spans a second), p99 in milliseconds: alone ${spread(
    pairs.map(({ alone }) => alone),
    2,
  )}, beside the noisy one ${spread(
    pairs.map(({ beside }) => beside),
    2,
  )}, ratio ${spread(
    pairs.map(({ alone, beside }) => beside / alone),
    2,
  )}\n`,
);
process.stdout.write(
  `noisy sender (limit ${NOISY.itemsPerSecond} spans a second, sends ${NOISY.times} times that): answers by status ${JSON.stringify(answers)}\n`,
);
