import type { TSchema } from 'typebox';
import Value from 'typebox/value';
import type { Signal } from '#core/signal.ts';
import { checkRequest } from '#otlp/check.ts';
import type { ProcessorsConfig } from '../config.ts';
import { contentSchema } from '../content/config.ts';
import { enrichSchema } from '../enrich/config.ts';
import { limitSchema } from '../limit/config.ts';
import { createProcessors, type Processed, type Processors, type ProcessorsDeps } from '../processing.ts';
import { redactSchema } from '../redact/config.ts';
import { sampleSchema } from '../sample/config.ts';

/** What all tests take for the time of receipt. */
export const RECEIVED_UNIX_NANO = 1_764_000_000_000_000_000n;

/** Settings by section; what is not given has its default. */
export type Settings = { [Section in keyof ProcessorsConfig]?: object };

/** The sections with these settings. */
export function processorsConfig(settings: Settings = {}): ProcessorsConfig {
  const fill = (schema: TSchema, section: object = {}) => Value.Default(schema, structuredClone(section));
  return {
    redact: fill(redactSchema, settings.redact),
    content: fill(contentSchema, settings.content),
    limit: fill(limitSchema, settings.limit),
    sample: fill(sampleSchema, settings.sample),
    enrich: fill(enrichSchema, settings.enrich),
  } as ProcessorsConfig;
}

/** Processors with these settings, a fixed clock and a fixed key. */
export function testProcessors(settings: Settings = {}, deps: Partial<ProcessorsDeps> = {}): Processors {
  return createProcessors(processorsConfig(settings), {
    hashKey: 'a key for tests only',
    clock: () => RECEIVED_UNIX_NANO,
    monotonicMs: () => 0,
    random: Math.random,
    ...deps,
  });
}

/** Checks and processes a request as the receiver does. Throws when the check refuses it or some of its items. */
export function processBytes(processors: Processors, signal: Signal, bytes: Uint8Array): Processed {
  const checked = checkRequest(signal, bytes, { interest: processors.interest(RECEIVED_UNIX_NANO) });
  if (!checked.ok) throw new Error(checked.message);
  if (checked.rejected > 0) throw new Error(checked.reason);
  return processors.process({
    ...checked,
    signal,
    receivedUnixNano: RECEIVED_UNIX_NANO,
    source: 'otlp_http',
  });
}
