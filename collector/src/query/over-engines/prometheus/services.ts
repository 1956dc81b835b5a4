import { addBuckets, type BucketCounts, quantileOf } from '../../buckets.ts';
import type { TimeRange } from '../../requests.ts';
import type { OperationResult, ServiceResult, ServicesResult } from '../../results.ts';
import type { PrometheusClient } from './prometheus-client.ts';
import type { RequestMetrics } from './request-metrics.ts';
import { type Counted, type RequestCounts, readRequests, stepsOf } from './requests.ts';

const MAX_SERVICES = 200;
const MAX_OPERATIONS = 50;

/**
 * Rate, errors and durations of every service and operation that a request was measured of, and of the services
 * `known` otherwise, without figures. Spans are not counted.
 */
export async function readServices(
  parts: { client: PrometheusClient; metrics: RequestMetrics; known: Promise<readonly string[]> },
  request: { range: TimeRange; service: string | null; points: number },
  signal: AbortSignal,
): Promise<ServicesResult> {
  const axis = stepsOf(request.range, request.points);
  const [counts, known] = await Promise.all([readRequests(parts, { ...request, axis }, signal), parts.known]);
  const names = new Set([
    ...counts.operations.map(({ service }) => service),
    ...counts.lastSeen.keys(),
    ...known,
  ]);
  const operationsOf = Map.groupBy(counts.operations, ({ service }) => service);
  const services = [...names]
    .filter((name) => request.service === null || name === request.service)
    .map((name) => toService(name, { counts, operations: operationsOf.get(name) ?? [] }))
    .sort((a, b) => b.requests - a.requests || (a.service < b.service ? -1 : 1));
  return { services: services.slice(0, MAX_SERVICES), servicesTotal: services.length };
}

function toService(
  service: string,
  { counts, operations }: { counts: RequestCounts; operations: readonly Counted[] },
): ServiceResult {
  const { axis, seconds } = counts;
  const requests = sumSteps(operations, axis.steps, ({ requests: steps }) => steps);
  const errors = sumSteps(operations, axis.steps, ({ errors: steps }) => steps);
  const buckets: BucketCounts = new Map();
  for (const operation of operations) addBuckets(buckets, operation.buckets);
  const own = operations.map((operation) => toOperation(operation, counts)).filter((one) => one.requests > 0);
  own.sort((a, b) => b.requests - a.requests || (a.operation < b.operation ? -1 : 1));
  return {
    service,
    ...red({ requests: total(requests), errors: total(errors), buckets }, seconds),
    spans: null,
    lastSeenUnixNano: counts.lastSeen.get(service) ?? null,
    sparkline: {
      startUnixNano: String(axis.origin),
      stepSeconds: axis.stepSeconds,
      requests,
      errors,
      p95Ms: counts.p95Ms.get(service) ?? requests.map(() => null),
    },
    operations: own.slice(0, MAX_OPERATIONS),
    operationsTotal: own.length,
  };
}

function toOperation(counted: Counted, { seconds }: RequestCounts): OperationResult {
  const { buckets, errors, kind, operation, requests } = counted;
  return { operation, kind, ...red({ requests: total(requests), errors: total(errors), buckets }, seconds) };
}

function red(
  { requests, errors, buckets }: { requests: number; errors: number; buckets: BucketCounts },
  seconds: number,
) {
  return {
    requests: Math.round(requests),
    requestsPerSecond: seconds > 0 ? requests / seconds : 0,
    errors: Math.round(errors),
    errorRatio: requests > 0 ? errors / requests : 0,
    p50Ms: quantileOf(buckets, 0.5),
    p95Ms: quantileOf(buckets, 0.95),
    p99Ms: quantileOf(buckets, 0.99),
  };
}

function sumSteps(
  operations: readonly Counted[],
  steps: number,
  of: (counted: Counted) => readonly (number | null)[],
): number[] {
  const sums = new Array<number>(steps).fill(0);
  for (const operation of operations) {
    for (const [step, value] of of(operation).entries()) sums[step] = (sums[step] ?? 0) + (value ?? 0);
  }
  return sums;
}

function total(steps: readonly (number | null)[]): number {
  return steps.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}
