import { type Static, Type } from 'typebox';

const MIB = 1024 * 1024;

/** Keys that the section of every exporter has. */
export const frameProperties = {
  max_batch_bytes: Type.Integer({
    default: 4 * MIB,
    minimum: 1024,
    maximum: 1024 * MIB,
    description: 'Most bytes in one request, before compression; a larger payload goes alone',
  }),
  max_batch_items: Type.Integer({
    default: 8192,
    minimum: 1,
    maximum: 100_000_000,
    description: 'Most spans, log records or data points in one request; a larger payload goes alone',
  }),
  flush_interval_ms: Type.Integer({
    default: 200,
    minimum: 0,
    maximum: 60_000,
    description: 'How long a request waits to be filled',
  }),
  max_in_flight: Type.Integer({
    default: 4,
    minimum: 1,
    maximum: 64,
    description:
      'Requests under way at the same time, per signal; this bounds memory and duplicates after a crash',
  }),
};

const frameSchema = Type.Object(frameProperties);

/** What the frame takes of an exporter's section. */
export type FrameConfig = Static<typeof frameSchema>;
