import { Ajv } from 'ajv';
import type { Signal } from '#core/signal.ts';
import { checkRequest } from '#otlp/check.ts';
import type { Interest } from '#otlp/interest.ts';
import { createKeyClasses } from '#otlp/key-classes.ts';
import { rewrite } from '#otlp/rewrite.ts';
import { type LimitConfig, limitSchema } from '../config.ts';
import { addCounts, type LimitCounts } from '../counts.ts';
import { crowdThresholds } from '../shapes.ts';
import { createStructure, structureEdits } from '../structure.ts';
import { timeEdits, timeThresholds, writeTimes } from '../times.ts';

const ajv = new Ajv({ useDefaults: true, strict: false });

/** The section `limit` with its defaults; throws when it does not fit the schema. */
export function limitConfig(section: Partial<LimitConfig> = {}): LimitConfig {
  const config: Record<string, unknown> = { ...section };
  if (!ajv.validate(limitSchema, config)) throw new Error(ajv.errorsText());
  return config as LimitConfig;
}

/** 2026-11-20T12:00:00Z. */
export const RECEIVED = 1_795_176_000_000_000_000n;

/** A request that passes the check, with the spots that limits ask for; only texts that are long are spots. */
export function noted(signal: Signal, bytes: Uint8Array, config: LimitConfig) {
  const thresholds = crowdThresholds(config);
  const { maxHigh, minHigh } = timeThresholds({ receivedUnixNano: RECEIVED, config });
  const interest: Interest = {
    keys: createKeyClasses(() => 0),
    events: createKeyClasses(() => 0),
    scan: { sawHigh: true, isSpot: () => false },
    maxValueBytes: config.max_value_bytes,
    maxDepth: config.max_depth,
    maxMembers: thresholds.members,
    maxMessageBytes: thresholds.bytes,
    minTimeHigh: minHigh,
    maxTimeHigh: maxHigh,
    minIntegerBytes: 11,
  };
  const checked = checkRequest(signal, bytes, { interest });
  if (!checked.ok) throw new Error(checked.message);
  if (checked.rejected > 0) throw new Error(checked.reason);
  return checked;
}

export interface LimitedRequest {
  bytes: Uint8Array;
  counts: LimitCounts;
  /** Edits, and times written over. */
  changes: number;
  note: string;
}

/** A request after limits on structure and times, as the stage applies them. */
export function limited(signal: Signal, bytes: Uint8Array, config: LimitConfig): LimitedRequest {
  const { spots } = noted(signal, bytes, config);
  const structure = structureEdits(bytes, spots, createStructure(config));
  const times = timeEdits(bytes, spots, { signal, receivedUnixNano: RECEIVED, config });
  const copy = bytes.slice();
  writeTimes(copy, times.inPlace);
  const edits = [...structure.edits, ...times.edits];
  const counts: LimitCounts = {};
  addCounts(counts, structure.counts);
  addCounts(counts, times.counts);
  const changes = edits.length + times.inPlace.length / 2;
  return { bytes: rewrite(copy, edits), counts, changes, note: times.note };
}
