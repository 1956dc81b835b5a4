import type { Clock } from '#core/clock.ts';
import type { ProcessorCount } from '#core/processor-count.ts';
import { SIGNALS, type Signal } from '#core/signal.ts';
import type { TryOutChange, TryOutInput, TryOutResult } from '#core/try-out.ts';
import { checkRequest } from '#otlp/check.ts';
import { jsonToProtobuf } from '#otlp/json-to-protobuf.ts';
import { protobufToJson } from '#otlp/protobuf-to-json.ts';
import type { ProcessorsConfig } from './config.ts';
import { createProcessors, type Processors } from './processing.ts';
import { createKeyedHash } from './redact/keyed-hash.ts';
import { recordJson, recordText } from './text-record.ts';

/** Shows what processors would do, without a trace in what they count or remember. */
export interface TryOut {
  /** Never throws; at most 16 MiB of text. */
  tryOut(input: TryOutInput): TryOutResult;
  /** What stands in the place of an id of a user. */
  hash(value: string): string;
}

export interface TryOutDeps {
  hashKey: string;
  clock: Clock;
}

const MAX_INPUT_BYTES = 16 * 1024 * 1024;
const MAX_SHOWN_BYTES = 64 * 1024 * 1024;
const LARGEST_BELOW_ONE = 1 - Number.EPSILON / 2;
const REQUEST_KEYS: Record<Signal, string> = {
  traces: 'resourceSpans',
  metrics: 'resourceMetrics',
  logs: 'resourceLogs',
};
const REQUEST_START = /^\s*\{\s*"(resource(?:Spans|Metrics|Logs))"\s*:/;

/** The signal of a text that is, or begins as, an export request in OTLP/JSON; null for any other text. */
function signalOf(text: string): Signal | null {
  const first = REQUEST_START.exec(text)?.[1];
  const keys = first === undefined ? keysOf(text) : [first];
  return SIGNALS.find((signal) => keys.includes(REQUEST_KEYS[signal])) ?? null;
}

/** The keys of a JSON object; none of any other text. */
function keysOf(text: string): string[] {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? Object.keys(parsed) : [];
  } catch {
    return [];
  }
}

/** Sums counts over services and signals. */
export function changesOf(counts: readonly ProcessorCount[]): TryOutChange[] {
  const changes = new Map<string, TryOutChange>();
  for (const { action, count, processor, rule } of counts) {
    const name = [processor, rule, action].join('\n');
    const known = changes.get(name);
    if (known === undefined) changes.set(name, { processor, rule, action, count });
    else known.count += count;
  }
  return [...changes.values()];
}

interface Passed {
  before: Uint8Array;
  /** null when nothing is left of what there was. */
  after: Uint8Array | null;
  warning: string;
}

/** Takes a request along the way that a received one goes; a text when it would be refused. */
function pass(
  processors: Processors,
  clock: Clock,
  request: { signal: Signal; json: string },
): Passed | string {
  const { json, signal } = request;
  const protobuf = jsonToProtobuf(signal, Buffer.from(json));
  if (!protobuf.ok) return `not OTLP/JSON: ${protobuf.message}`;
  const receivedUnixNano = clock();
  const checked = checkRequest(signal, protobuf.bytes, { interest: processors.interest(receivedUnixNano) });
  if (!checked.ok) return `not OTLP/JSON: ${checked.message}`;
  const processed = processors.process({ ...checked, signal, receivedUnixNano, source: 'otlp_http' });
  return {
    before: checked.bytes,
    after: processed.items === 0 && checked.items > 0 ? null : processed.bytes,
    warning: [checked.reason, processed.warning].filter((text) => text !== '').join('. '),
  };
}

/**
 * Makes what tries the processors of a configuration out. Each try has processors of its own, so that neither counts
 * nor rate limits nor remembered traces pass from one to the next or to what is received. Sampling by chance keeps all
 * that has a chance; by trace id it does what it would do.
 */
export function createTryOut(config: ProcessorsConfig, { clock, hashKey }: TryOutDeps): TryOut {
  const hash = createKeyedHash(hashKey);

  function fresh(): Processors {
    return createProcessors(config, {
      hashKey,
      clock,
      monotonicMs: () => performance.now(),
      random: () => LARGEST_BELOW_ONE,
    });
  }

  function tryRequest(signal: Signal, json: string): TryOutResult {
    const processors = fresh();
    const passed = pass(processors, clock, { signal, json });
    if (typeof passed === 'string') return { ok: false, message: passed };
    const shown = { pretty: true, maxBytes: MAX_SHOWN_BYTES };
    const before = protobufToJson(signal, passed.before, shown);
    const after = passed.after === null ? '' : protobufToJson(signal, passed.after, shown);
    if (before === null || after === null) return { ok: false, message: 'too large to be shown' };
    return {
      ok: true,
      signal,
      before,
      after,
      changes: changesOf(processors.counts()),
      warning: passed.warning,
    };
  }

  function tryText(input: TryOutInput): TryOutResult {
    const processors = fresh();
    const before = input.text.toWellFormed();
    const passed = pass(processors, clock, { signal: 'logs', json: recordJson(input, clock()) });
    if (typeof passed === 'string') return { ok: false, message: passed };
    const after = passed.after === null ? '' : recordText(passed.after, input.key);
    const changes = changesOf(processors.counts());
    return { ok: true, signal: null, before, after, changes, warning: passed.warning };
  }

  return {
    hash,
    tryOut(input) {
      const bytes =
        Buffer.byteLength(input.text) + Buffer.byteLength(input.service) + Buffer.byteLength(input.key);
      if (bytes > MAX_INPUT_BYTES) return { ok: false, message: 'larger than 16 MiB' };
      try {
        const signal = signalOf(input.text);
        return signal === null ? tryText(input) : tryRequest(signal, input.text);
      } catch (error) {
        return { ok: false, message: `a fault of Signalbox: ${(error as Error).message}` };
      }
    },
  };
}
