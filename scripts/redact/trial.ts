import type { Config } from '#config/schema.ts';
import { systemClock } from '#core/clock.ts';
import type { Signal } from '#core/signal.ts';
import type { TryOutChange } from '#core/try-out.ts';
import { checkRequest } from '#otlp/check.ts';
import { jsonToProtobuf } from '#otlp/json-to-protobuf.ts';
import { createProcessors } from '#processors/processing.ts';
import { changesOf } from '#processors/try-out.ts';

export type Tried =
  /** What came in without the items that are refused, and the same before any of it is dropped. */
  { ok: true; before: Uint8Array; after: Uint8Array; warning: string } | { ok: false; message: string };

/** Takes requests through the processors and keeps account. */
export interface Trial {
  protobuf(signal: Signal, bytes: Uint8Array): Tried;
  json(signal: Signal, text: Uint8Array): Tried;
  summary(): Summary;
}

export interface Summary {
  changes: TryOutChange[];
  /** Of telemetry in protobuf. */
  bytes: number;
  /** In the check and the processors alone. */
  milliseconds: number;
}

/** Makes processors of the configuration. Rate limits are left out, as files are not read at the pace of senders. */
export function createTrial(config: Config, hashKey: string): Trial {
  let seen: Uint8Array = new Uint8Array(0);
  let bytesDone = 0;
  let milliseconds = 0;
  const processors = createProcessors(
    { ...config, sample: { ...config.sample, rate_limits: [] } },
    {
      hashKey,
      clock: systemClock,
      monotonicMs: () => performance.now(),
      random: Math.random,
      observers: [
        ({ bytes }) => {
          seen = bytes;
        },
      ],
    },
  );

  function protobuf(signal: Signal, bytes: Uint8Array): Tried {
    const startedMs = performance.now();
    const receivedUnixNano = systemClock();
    const checked = checkRequest(signal, bytes, { interest: processors.interest(receivedUnixNano) });
    if (!checked.ok) return checked;
    const { warning } = processors.process({ ...checked, signal, receivedUnixNano, source: 'otlp_http' });
    milliseconds += performance.now() - startedMs;
    bytesDone += bytes.length;
    const warnings = [checked.reason, warning].filter((text) => text !== '');
    return { ok: true, before: checked.bytes, after: seen, warning: warnings.join('. ') };
  }

  return {
    protobuf,
    json(signal, text) {
      const transcoded = jsonToProtobuf(signal, text);
      return transcoded.ok ? protobuf(signal, transcoded.bytes) : transcoded;
    },
    summary: () => ({ changes: changesOf(processors.counts()), bytes: bytesDone, milliseconds }),
  };
}
