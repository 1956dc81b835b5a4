import { type Static, Type } from 'typebox';

const MIB = 1024 * 1024;

/** Section `store`: the embedded DuckDB store. */
export const storeSchema = Type.Object(
  {
    max_age_days: Type.Number({
      default: 14,
      exclusiveMinimum: 0,
      maximum: 3650,
      description: 'Data older than this (by arrival) goes, a file at a time',
    }),
    max_bytes: Type.Integer({
      default: 10 * 1024 * MIB,
      minimum: 16 * MIB,
      description: 'When the files are larger than this together, the oldest go first',
    }),
    memory_limit_bytes: Type.Integer({
      default: 512 * MIB,
      minimum: 64 * MIB,
      description: "DuckDB's memory limit",
    }),
    threads: Type.Integer({ default: 2, minimum: 1, maximum: 64, description: "DuckDB's threads" }),
    commit_interval_ms: Type.Integer({
      default: 50,
      minimum: 0,
      maximum: 5000,
      description: 'How long requests on disk in the journal wait for others to share one commit with',
    }),
  },
  { additionalProperties: false, default: {} },
);
export type StoreConfig = Static<typeof storeSchema>;
