import { Agent, type IncomingMessage, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { SIGNALS, type Signal } from '#core/signal.ts';
import { BLOCK_SIZE, createTemplate, type PayloadTemplate } from './load-payload.ts';

/** A request that was answered with 200; its items have the ids from `block * BLOCK_SIZE` on. */
export interface AckedBlock {
  block: number;
  signal: Signal;
  items: number;
}

/** What senders remember over all runs of the program. */
export interface Ledger {
  /** In the order of their answers. */
  acked: AckedBlock[];
  /** Requests by answer: a status, or `unanswered`. */
  answers: Record<string, number>;
  /** The first answers that were no 200. */
  refusals: { status: number; retryAfter: string | undefined; body: string }[];
  nextBlock: number;
  nextTrace: number;
}

export interface LoadOptions {
  /** `http://127.0.0.1:4318`. */
  url: string;
  ledger: Ledger;
  connections: number;
  /** Items of a request; lanes go through the list in turn. */
  sizes: readonly number[];
  signals?: readonly Signal[];
  /** Every second request of a lane as gzip; default true. */
  compress?: boolean;
  /** Pause of a lane after each answer. */
  pauseMs?: number;
  /** Requests in all, over all lanes; default: until `stop`. */
  requests?: number;
  padding?: number;
  marked?: boolean;
  /** Told of each request before it is sent, with the local port of its connection once that is known. */
  onSend?(block: number, localPort: number): void;
}

export interface Load {
  /** Sends no more and waits for the answers that are due. */
  stop(): Promise<void>;
  /** When all lanes have ended: `requests` were sent, or `stop` was called. */
  done: Promise<void>;
}

const REFUSALS_KEPT = 20;
const LONGEST_WAIT_MS = 1000;
const ANSWER_TIMEOUT_MS = 60_000;
const gzipAsync = promisify(gzip);

export function createLedger(): Ledger {
  return { acked: [], answers: {}, refusals: [], nextBlock: 1, nextTrace: 1 };
}

/** Items that were acknowledged, of one signal or of all. */
export function ackedItems({ acked }: Ledger, signal?: Signal): number {
  return acked.reduce(
    (sum, block) => sum + (signal === undefined || block.signal === signal ? block.items : 0),
    0,
  );
}

/** The traces of the load are numbered; each lane of each load has one for all of its spans. */
export function traceIdOf(number: number): string {
  return `c0ffee${number.toString(16).padStart(26, '0')}`;
}

/**
 * Sends in lanes of one connection each, one request after another, and never the same ids twice. What ends without
 * an answer was not acknowledged; after 503 and 429 a lane waits as told, at most a second; after a broken connection
 * it goes on with a new one.
 */
export function startLoad(options: LoadOptions): Load {
  const stopping = new AbortController();
  const budget = { left: options.requests ?? Number.POSITIVE_INFINITY };
  const lanes = Array.from({ length: options.connections }, (_, number) =>
    runLane(number, { ...options, budget, stopped: stopping.signal }),
  );
  const done = Promise.all(lanes).then(() => {});
  return {
    done,
    stop() {
      stopping.abort();
      return done;
    },
  };
}

type LaneOptions = LoadOptions & { budget: { left: number }; stopped: AbortSignal };

async function runLane(number: number, options: LaneOptions): Promise<void> {
  const { ledger, sizes, signals = SIGNALS, compress = true, budget, stopped } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const templates = createTemplates(options, traceIdOf(ledger.nextTrace++));
  for (let turn = number; !stopped.aborted && budget.left > 0; turn++) {
    budget.left--;
    const signal = signals[turn % signals.length]!;
    const template = templates(signal, sizes[Math.floor(turn / signals.length) % sizes.length]!);
    const block = ledger.nextBlock++;
    const plain = template.fill(block);
    const isGzip = compress && Math.floor(turn / signals.length / sizes.length) % 2 === 1;
    const body = isGzip ? await gzipAsync(plain, { level: 1 }) : plain;
    const answer = await post({ options, agent, signal, block, body, isGzip });
    record(ledger, { block, signal, items: template.count }, answer);
    const waitMs = Math.max(pauseAfter(answer), options.pauseMs ?? 0);
    if (waitMs > 0) await sleep(waitMs, undefined, { signal: stopped }).catch(() => {});
  }
  agent.destroy();
}

function createTemplates(options: LoadOptions, traceId: string) {
  const known = new Map<string, PayloadTemplate>();
  return (signal: Signal, count: number): PayloadTemplate => {
    if (count > BLOCK_SIZE) throw new RangeError(`${count} items are more than a block holds`);
    const key = `${signal} ${count}`;
    const { padding = 0, marked = false } = options;
    const template = known.get(key) ?? createTemplate({ signal, count, traceId, padding, marked });
    known.set(key, template);
    return template;
  };
}

interface Answer {
  /** null: the connection ended first. */
  status: number | null;
  retryAfter: string | undefined;
  body: Buffer;
}

const UNANSWERED: Answer = { status: null, retryAfter: undefined, body: Buffer.alloc(0) };

function post(send: {
  options: LaneOptions;
  agent: Agent;
  signal: Signal;
  block: number;
  body: Buffer;
  isGzip: boolean;
}): Promise<Answer> {
  const { options, agent, signal, block, body, isGzip } = send;
  return new Promise((resolve) => {
    const headers = {
      'content-type': 'application/x-protobuf',
      'content-length': body.length,
      ...(isGzip ? { 'content-encoding': 'gzip' } : {}),
    };
    const url = `${options.url}/v1/${signal}`;
    const sent = request(url, { method: 'POST', agent, headers, timeout: ANSWER_TIMEOUT_MS });
    sent.once('socket', (socket) => {
      const tell = () => options.onSend?.(block, socket.localPort!);
      if (socket.connecting) socket.once('connect', tell);
      else tell();
    });
    sent.once('timeout', () => sent.destroy(new Error('no answer in time')));
    sent.once('error', () => resolve(UNANSWERED));
    sent.once('response', (response) => void read(response).then(resolve, () => resolve(UNANSWERED)));
    sent.end(body);
  });
}

async function read(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return {
    status: response.statusCode!,
    retryAfter: response.headers['retry-after'],
    body: Buffer.concat(chunks),
  };
}

/** A 200 with a body says that a part was left out: not what this load can meet, so it is no acknowledgement. */
function record(ledger: Ledger, sent: AckedBlock, { status, retryAfter, body }: Answer): void {
  const isAcked = status === 200 && body.length === 0;
  const key = status === 200 && !isAcked ? '200 partly' : String(status ?? 'unanswered');
  ledger.answers[key] = (ledger.answers[key] ?? 0) + 1;
  if (isAcked) ledger.acked.push(sent);
  else if (status !== null && ledger.refusals.length < REFUSALS_KEPT) {
    ledger.refusals.push({ status, retryAfter, body: body.toString() });
  }
}

function pauseAfter({ status, retryAfter }: Answer): number {
  if (status === null) return 20;
  if (status === 200) return 0;
  return Math.min(Number(retryAfter ?? 1) * 1000 || LONGEST_WAIT_MS, LONGEST_WAIT_MS);
}
