import { setTimeout as sleep } from 'node:timers/promises';
import { SIGNALS } from '#core/signal.ts';
import { until } from '../../support/until.ts';
import { call } from '../http-client.ts';
import { encodeRequest, newName, ONE } from '../payloads.ts';
import type { Arrival, Reaction, Recorder } from '../recorder.ts';
import type { Check } from '../suite.ts';
import type { Target } from '../target.ts';
import { broken, must, partly } from '../verdict.ts';

const REPEATED = [429, 502, 503, 504];
const FINAL = [
  400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 411, 412, 413, 414, 415, 422, 431, 451, 500, 501, 505,
];
/** Longer than any wait that either program has before it asks again: 30 s. */
const QUIET_MS = 34_000;
const PATIENCE_MS = 60_000;

/** Sends one span, and waits until the exporter has brought it to the destination for the first time. */
async function bring(target: Target, name: string): Promise<void> {
  const { status } = await call(`${target.httpUrl}/v1/traces`, {
    body: encodeRequest('traces', ONE.traces(name)),
  });
  must(status === 200, `a span: ${status}`);
  await untilArrivals(target.recorder, name, 1);
}

async function untilArrivals(recorder: Recorder, name: string, count: number): Promise<Arrival[]> {
  const probe = async () => {
    const found = arrivalsOf(recorder, name);
    return found.length >= count ? found : undefined;
  };
  return until(`${count} requests with ${name}`, probe, PATIENCE_MS).catch(() => arrivalsOf(recorder, name));
}

function arrivalsOf({ arrivals }: Recorder, name: string): Arrival[] {
  return arrivals.filter(({ names }) => names.includes(name));
}

/** The first request with each name gets the reaction, later ones are taken. */
function reactOnce(recorder: Recorder, reactions: ReadonlyMap<string, Reaction>): void {
  recorder.react = ({ names }) => {
    const name = names.find((each) => reactions.has(each));
    if (name === undefined || arrivalsOf(recorder, name).length > 1) return 'take';
    return reactions.get(name)!;
  };
}

const codes: Check = {
  rule: 11,
  door: 'http',
  title: 'its exporter repeats 429, 502, 503 and 504 and no other refusal',
  isSlow: true,
  async run({ startAlone }) {
    const { target, recorder } = await startAlone();
    const names = new Map([...REPEATED, ...FINAL].map((status) => [newName('answered'), status]));
    reactOnce(recorder, new Map([...names].map(([name, status]) => [name, { status }])));
    for (const name of names.keys()) await bring(target, name);
    for (const [name, status] of names) {
      if (!REPEATED.includes(status)) continue;
      const again = await untilArrivals(recorder, name, 2);
      must(again.length > 1, `${status} is not repeated`);
    }
    await sleep(QUIET_MS);
    const wrong = [...names].filter(
      ([name, status]) => FINAL.includes(status) && arrivalsOf(recorder, name).length > 1,
    );
    const list = wrong.map(([, status]) => status).join(', ');
    must(wrong.length === 0, `${list} ${wrong.length === 1 ? 'is' : 'are'} repeated`);
  },
};

const disconnected: Check = {
  rule: 24,
  door: 'http',
  title: 'its exporter repeats a request whose connection broke',
  isSlow: true,
  async run({ startAlone }) {
    const { target, recorder } = await startAlone();
    const name = newName('broken');
    reactOnce(recorder, new Map([[name, 'reset']]));
    await bring(target, name);
    must((await recorder.untilItems('traces', name)) !== undefined, 'a broken connection loses the request');
  },
};

const TIMES = 4;

const backOff: Check = {
  rule: 31,
  door: 'http',
  title: 'its exporter waits longer each time, with a part by chance, and says who it is',
  isSlow: true,
  async run({ startAlone }) {
    const { target, recorder } = await startAlone();
    recorder.react = () => ({ status: 503 });
    const names = SIGNALS.map((signal) => [signal, newName('later')] as const);
    for (const [signal, name] of names) {
      await call(`${target.httpUrl}/v1/${signal}`, { body: encodeRequest(signal, ONE[signal](name)) });
    }
    const waits: number[][] = [];
    for (const [, name] of names) waits.push(waitsBetween(await untilArrivals(recorder, name, TIMES)));
    must(
      waits.every(({ length }) => length >= TIMES - 1),
      '503 is not repeated three times',
    );
    const firsts = waits.map(([first]) => first!);
    const thirds = waits.map((each) => each[2]!);
    must(Math.min(...thirds) > Math.min(...firsts), 'does not wait longer each time');
    // Three exporters, three waits each: without chance they agree to some milliseconds.
    const isByChance = [0, 1, 2].some((step) => spread(waits.map((each) => each[step]!)) > 0.05);
    must(isByChance, 'waits equally long for each request');
    const agent = recorder.arrivals[0]!.headers['user-agent'] ?? '';
    must(/\d/.test(agent), `User-Agent is \`${agent}\``);
  },
};

function waitsBetween(arrivals: readonly Arrival[]): number[] {
  return arrivals.slice(1).map(({ atMs }, index) => atMs - arrivals[index]!.atMs);
}

/** How far values are from each other, as a share of the largest. */
function spread(values: readonly number[]): number {
  return (Math.max(...values) - Math.min(...values)) / Math.max(...values);
}

const RECOMMENDED_SECONDS = 10;

const timeout: Check = {
  rule: 31,
  door: 'http',
  title: 'its exporter gives up on a request without an answer after 10 s, and sends it again',
  isSlow: true,
  async run({ startAlone }) {
    const { target, recorder } = await startAlone();
    const name = newName('hanging');
    reactOnce(recorder, new Map([[name, 'hang']]));
    await bring(target, name);
    const [first, second] = await untilArrivals(recorder, name, 2);
    if (second === undefined || first?.goneAtMs == null) broken('waits for an answer for more than a minute');
    // In steps of five seconds, because the first request may have to wait for the machine.
    const seconds = Math.round((first.goneAtMs - first.atMs) / 5000) * 5;
    if (seconds !== RECOMMENDED_SECONDS) partly(`waits ${seconds} s for an answer by default`);
  },
};

/** Rules 11, 24 and 31 where the program is the client. */
export const exporterChecks: readonly Check[] = [codes, disconnected, backOff, timeout];
