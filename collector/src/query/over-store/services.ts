import type { ReadParams, Row } from '#store/reader.ts';
import { readQuery } from '#store/sql-files.ts';
import { nameOf, SPAN_KINDS } from '../names.ts';
import type { TimeRange } from '../requests.ts';
import type { OperationResult, ServiceResult, ServicesResult } from '../results.ts';
import type { StoreReads } from './context.ts';
import { type QuantilesOf, readWeightedQuantiles } from './weighted-quantiles.ts';

const MAX_SERVICES = 200;
const MAX_OPERATIONS = 50;
const SQL = {
  services: readQuery('services'),
  buckets: readQuery('service-buckets'),
  operations: readQuery('operations'),
};

/** Rate, errors and durations of every service and operation with spans in the range. */
export async function readServices(
  store: StoreReads,
  request: { range: TimeRange; service: string | null; points: number },
  signal: AbortSignal,
): Promise<ServicesResult> {
  const { from, to } = request.range;
  const step = (to - from + BigInt(request.points) - 1n) / BigInt(request.points);
  const { service } = request;
  const params: ReadParams = { from, to, service };
  const [services, buckets, operations] = await Promise.all([
    store.read(SQL.services, params, signal),
    store.read(SQL.buckets, { ...params, step }, signal),
    store.read(SQL.operations, { ...params, limit: BigInt(MAX_OPERATIONS) }, signal),
  ]);
  const weighted = await readWeightedQuantiles(store, { range: request.range, service, step }, signal);
  const bucketsOf = Map.groupBy(buckets, (row) => row.service);
  const operationsOf = Map.groupBy(operations, (row) => row.service);
  const seconds = Number(to - from) / 1e9;
  return {
    servicesTotal: services.length,
    services: services.slice(0, MAX_SERVICES).map((row): ServiceResult => {
      const own = operationsOf.get(row.service) ?? [];
      return {
        service: String(row.service),
        ...red(row, { seconds, weighted: weighted.services }),
        spans: Math.round(Number(row.spans)),
        lastSeenUnixNano: String(row.last_seen),
        sparkline: sparkline(bucketsOf.get(row.service) ?? [], {
          from,
          step,
          points: request.points,
          weighted: weighted.buckets,
        }),
        operations: own.map((operation) =>
          toOperation(operation, { seconds, weighted: weighted.operations }),
        ),
        operationsTotal: Number(own[0]?.operations ?? 0),
      };
    }),
  };
}

interface Reading {
  seconds: number;
  weighted: QuantilesOf;
}

function toOperation(row: Row, reading: Reading): OperationResult {
  return { operation: String(row.operation), kind: nameOf(SPAN_KINDS, row.kind), ...red(row, reading) };
}

/** Counts are sums of weights, which are whole for a reader; rate and ratio come from the sums as they are. */
function red(row: Row, { seconds, weighted }: Reading) {
  const requests = Number(row.requests);
  const errors = Number(row.errors);
  const quantiles = weighted(row) ?? ((row.quantiles_ms ?? []) as (number | null)[]);
  const [p50Ms = null, p95Ms = null, p99Ms = null] = quantiles;
  return {
    requests: Math.round(requests),
    requestsPerSecond: seconds > 0 ? requests / seconds : 0,
    errors: Math.round(errors),
    errorRatio: requests > 0 ? errors / requests : 0,
    p50Ms,
    p95Ms,
    p99Ms,
  };
}

function sparkline(
  rows: readonly Row[],
  axis: { from: bigint; step: bigint; points: number; weighted: QuantilesOf },
): ServiceResult['sparkline'] {
  const requests = new Array<number>(axis.points).fill(0);
  const errors = new Array<number>(axis.points).fill(0);
  const p95Ms = new Array<number | null>(axis.points).fill(null);
  for (const row of rows) {
    const bucket = Number(row.bucket);
    requests[bucket] = Number(row.requests);
    errors[bucket] = Number(row.errors);
    p95Ms[bucket] = axis.weighted(row)?.[1] ?? (row.p95_ms as number | null);
  }
  return { startUnixNano: String(axis.from), stepSeconds: Number(axis.step) / 1e9, requests, errors, p95Ms };
}
