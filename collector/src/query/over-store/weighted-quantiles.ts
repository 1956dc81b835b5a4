import type { ReadParams, Row } from '#store/reader.ts';
import { readQuery } from '#store/sql-files.ts';
import type { TimeRange } from '../requests.ts';
import type { StoreReads } from './context.ts';

const SQL = { sampled: readQuery('sampled-services'), quantiles: readQuery('weighted-quantiles') };

/** The 50th, 95th and 99th percentile in ms of the group that a row is of; null where none of its spans was sampled. */
export type QuantilesOf = (row: Row) => number[] | null;

/** How each query of services tells its groups apart within a service, in SQL and by its rows. */
const PARTS = {
  services: { sql: "''", of: () => '' },
  buckets: { sql: '((start_unix_nano - $from) // $step)::VARCHAR', of: (row: Row) => String(row.bucket) },
  operations: { sql: "concat(kind, ' ', name)", of: (row: Row) => `${row.kind} ${row.operation}` },
};

/**
 * Quantiles by weight of all groups with sampled spans; of the others `quantile_cont` is right. Where nothing is sampled
 * this costs next to nothing.
 */
export async function readWeightedQuantiles(
  store: StoreReads,
  request: { range: TimeRange; service: string | null; step: bigint },
  signal: AbortSignal,
): Promise<Record<keyof typeof PARTS, QuantilesOf>> {
  const { range, service, step } = request;
  const sampled = await store.read(SQL.sampled, { ...range, service }, signal);
  if (sampled.length === 0) return { services: nothing, buckets: nothing, operations: nothing };
  const services = sampled.map((row) => String(row.service));
  const read = async (part: keyof typeof PARTS, more: ReadParams = {}): Promise<QuantilesOf> => {
    const sql = SQL.quantiles.replace('/*part*/', () => PARTS[part].sql);
    const rows = await store.read(sql, { ...range, services, ...more }, signal);
    const found = new Map(rows.map((row) => [`${row.service}\n${row.part}`, row.quantiles_ms as number[]]));
    return (row) => found.get(`${row.service}\n${PARTS[part].of(row)}`) ?? null;
  };
  const [ofServices, ofBuckets, ofOperations] = await Promise.all([
    read('services'),
    read('buckets', { step }),
    read('operations'),
  ]);
  return { services: ofServices, buckets: ofBuckets, operations: ofOperations };
}

function nothing(): null {
  return null;
}
