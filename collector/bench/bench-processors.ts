import { Ajv } from 'ajv';
import { systemClock } from '#core/clock.ts';
import type { ProcessorsConfig } from '#processors/config.ts';
import { contentSchema } from '#processors/content/config.ts';
import { enrichSchema } from '#processors/enrich/config.ts';
import { limitSchema } from '#processors/limit/config.ts';
import { createProcessors, type Processors } from '#processors/processing.ts';
import { redactSchema } from '#processors/redact/config.ts';
import { sampleSchema } from '#processors/sample/config.ts';

/** The processors as they are by default, with redaction or without. */
export function createBenchProcessors(redact: boolean): Processors {
  const config = { redact: { enabled: redact } };
  const properties = {
    redact: redactSchema,
    content: contentSchema,
    limit: limitSchema,
    sample: sampleSchema,
    enrich: enrichSchema,
  };
  new Ajv({ useDefaults: true, strict: false }).compile({ type: 'object', properties })(config);
  return createProcessors(config as ProcessorsConfig, {
    hashKey: 'bench',
    clock: systemClock,
    monotonicMs: () => performance.now(),
    random: Math.random,
  });
}
