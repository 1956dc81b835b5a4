import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { SIGNALS, type Signal } from '#core/signal.ts';
import { encodeAs, type Plain, REQUEST_NAMES } from '#otlp/testing/reference.ts';

export const SERVICE = 'numbered-load';
export const METRIC = 'numbered.load';
/** Items of one request: ids `number * ITEMS` and on. */
export const ITEMS = 10;
const SERIES = 5;
/** So many requests share a trace: what Tempo has of it came at several moments. */
const REQUESTS_OF_TRACE = 3;

/** An item that was acknowledged: an id is given once, to one signal. */
export interface NumberedItem {
  id: number;
  /** Of a data point: its series and its time in milliseconds. */
  series: string;
  timeMs: number;
  /** Of a span or log record. */
  traceId: string;
}

export interface NumberedLoad {
  /** Items of the requests that were answered with 200. */
  acked: Record<Signal, NumberedItem[]>;
  /** Requests by answer. */
  answers: Record<string, number>;
  /** Sends no more and waits for the answers that are due. */
  stop(): Promise<void>;
}

/** Sends requests of each signal, one every `everyMs`, until it is stopped. What gets no 200 is not sent again. */
export function startNumberedLoad({ everyMs, url }: { url: string; everyMs: number }): NumberedLoad {
  const acked: NumberedLoad['acked'] = { traces: [], metrics: [], logs: [] };
  const answers: Record<string, number> = {};
  let isStopped = false;
  let next = 1;
  const lastMs = { value: 0 };

  async function lane(signal: Signal): Promise<void> {
    while (!isStopped) {
      const number = next++;
      const items = itemsOf(number, lastMs);
      const status = await post(url, signal, { number, items });
      answers[status] = (answers[status] ?? 0) + 1;
      if (status === '200') acked[signal].push(...items);
      await sleep(everyMs);
    }
  }

  const lanes = SIGNALS.map(lane);
  return {
    acked,
    answers,
    async stop() {
      isStopped = true;
      await Promise.all(lanes);
    },
  };
}

/** Times are unique in each series: of two values at one time Prometheus keeps one. */
function itemsOf(number: number, lastMs: { value: number }): NumberedItem[] {
  const startMs = Math.max(Date.now(), lastMs.value + 1);
  lastMs.value = startMs + ITEMS / SERIES - 1;
  const traceId = (Math.floor(number / (SIGNALS.length * REQUESTS_OF_TRACE)) + 1)
    .toString(16)
    .padStart(32, 'c0ffee');
  return Array.from({ length: ITEMS }, (_, index) => ({
    id: number * ITEMS + index,
    series: String(index % SERIES),
    timeMs: startMs + Math.floor(index / SERIES),
    traceId,
  }));
}

async function post(
  url: string,
  signal: Signal,
  { items, number }: { items: NumberedItem[]; number: number },
): Promise<string> {
  const bytes = encodeAs(REQUEST_NAMES[signal], REQUESTS[signal](items));
  const isGzip = number % 2 === 0;
  const headers = {
    'content-type': 'application/x-protobuf',
    ...(isGzip ? { 'content-encoding': 'gzip' } : {}),
  };
  const body = new Uint8Array(isGzip ? gzipSync(bytes) : bytes);
  try {
    const response = await fetch(`${url}/v1/${signal}`, { method: 'POST', headers, body });
    const answer = await response.arrayBuffer();
    // A body would say that a part was left out.
    return answer.byteLength === 0 ? String(response.status) : `${response.status} with a body`;
  } catch {
    return 'unanswered';
  }
}

const RESOURCE = { attributes: [{ key: 'service.name', value: { stringValue: SERVICE } }] };
const nano = (ms: number) => `${ms}000000`;
/** A span id in hex. */
export const hexId = (id: number) => id.toString(16).padStart(16, '0');
const idsOf = ({ id, traceId }: NumberedItem) => ({
  traceId: Buffer.from(traceId, 'hex'),
  spanId: Buffer.from(hexId(id), 'hex'),
});

const REQUESTS: Record<Signal, (items: NumberedItem[]) => Plain> = {
  traces: (items) => {
    const spans = items.map((item) => ({
      ...idsOf(item),
      name: 'work',
      kind: 2,
      startTimeUnixNano: nano(item.timeMs),
      endTimeUnixNano: nano(item.timeMs + 5),
    }));
    return { resourceSpans: [{ resource: RESOURCE, scopeSpans: [{ spans }] }] };
  },
  logs: (items) => {
    const logRecords = items.map((item) => ({
      ...idsOf(item),
      timeUnixNano: nano(item.timeMs),
      severityNumber: 9,
      body: { stringValue: `number ${item.id}` },
    }));
    return { resourceLogs: [{ resource: RESOURCE, scopeLogs: [{ logRecords }] }] };
  },
  metrics: (items) => {
    const dataPoints = items.map(({ id, series, timeMs }) => ({
      timeUnixNano: nano(timeMs),
      asInt: String(id),
      attributes: [{ key: 'series', value: { stringValue: series } }],
    }));
    const metrics = [{ name: METRIC, gauge: { dataPoints } }];
    return { resourceMetrics: [{ resource: RESOURCE, scopeMetrics: [{ metrics }] }] };
  },
};
