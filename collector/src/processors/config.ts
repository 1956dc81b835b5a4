import type { ContentConfig } from './content/config.ts';
import type { EnrichConfig } from './enrich/config.ts';
import type { LimitConfig } from './limit/config.ts';
import type { RedactConfig } from './redact/config.ts';
import type { SampleConfig } from './sample/config.ts';

/** The sections of all processors. */
export interface ProcessorsConfig {
  redact: RedactConfig;
  content: ContentConfig;
  limit: LimitConfig;
  sample: SampleConfig;
  enrich: EnrichConfig;
}
