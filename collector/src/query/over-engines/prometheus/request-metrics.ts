import type { Labels } from './prometheus-client.ts';
import type { Matcher } from './promql.ts';

/** A histogram that has every request of every service: what rates, errors and durations are read from. */
export interface RequestMetrics {
  /** Without `_count` and `_bucket`. */
  histogram: string;
  /** Its unit in milliseconds. */
  unitMs: number;
  /** Fit failed requests. */
  errors: readonly Matcher[];
  /** What tells operations apart. */
  operationLabels: readonly string[];
  describe(labels: Labels): { operation: string; kind: string };
}

/**
 * The duration of HTTP requests as servers measure it (semantic conventions, "HTTP metrics"). Operations are named as
 * their spans are: method and route.
 */
export const HTTP_SERVER_REQUESTS: RequestMetrics = {
  histogram: 'http_server_request_duration_seconds',
  unitMs: 1000,
  errors: [{ label: 'http_response_status_code', op: '=~', value: '5..' }],
  operationLabels: ['http_request_method', 'http_route'],
  describe: ({ http_request_method: method = '', http_route: route = '' }) => ({
    operation: `${method} ${route}`.trim(),
    kind: 'SERVER',
  }),
};
