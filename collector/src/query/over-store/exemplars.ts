import { readQuery } from '#store/sql-files.ts';
import type { MetricDetail } from '../results.ts';
import type { StoreReads } from './context.ts';

const EXEMPLARS = readQuery('exemplars');
const MAX_EXEMPLARS = 100;

interface StoredExemplar {
  timeUnixNano: string;
  value: unknown;
  traceId: string;
  spanId: string;
}

/** The newest exemplars of the series `ids` (a list for SQL) in the range. */
export async function readExemplars(
  store: StoreReads,
  request: { from: bigint; to: bigint; ids: string },
  signal: AbortSignal,
): Promise<MetricDetail['exemplars']> {
  const { from, ids, to } = request;
  const rows = await store.read(EXEMPLARS.replace('/*series_ids*/', ids), { from, to }, signal);
  return rows
    .flatMap((row) => JSON.parse(String(row.exemplars)) as StoredExemplar[])
    .filter((exemplar) => typeof exemplar.value === 'number')
    .slice(0, MAX_EXEMPLARS)
    .map(({ timeUnixNano, value, traceId, spanId }) => ({
      timeUnixNano,
      value: value as number,
      traceId: traceId === '' ? null : traceId,
      spanId: spanId === '' ? null : spanId,
    }));
}
