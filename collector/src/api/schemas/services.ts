import { type Static, Type } from 'typebox';
import { Params, Range, rangeParams, UnixNano } from './common.ts';

export const ServicesParams = Params({
  ...rangeParams,
  service: Type.Optional(Type.String({ description: 'Only this service' })),
  points: Type.Integer({ minimum: 1, maximum: 500, default: 60, description: 'Buckets of the sparkline' }),
});
export type ServicesParams = Static<typeof ServicesParams>;

const Quantiles = {
  p50Ms: Type.Union([Type.Number(), Type.Null()]),
  p95Ms: Type.Union([Type.Number(), Type.Null()]),
  p99Ms: Type.Union([Type.Number(), Type.Null()]),
};

/**
 * From the store requests are spans of kind SERVER or CONSUMER, and root spans of any kind; errors have status code
 * ERROR. From the engines they are HTTP requests as servers measure them; errors answered 500 or above.
 */
const Red = {
  requests: Type.Integer(),
  requestsPerSecond: Type.Number(),
  errors: Type.Integer(),
  errorRatio: Type.Number({ description: '0 to 1' }),
  ...Quantiles,
};

export const Operation = Type.Object({ operation: Type.String(), kind: Type.String(), ...Red });

export const Service = Type.Object({
  service: Type.String(),
  ...Red,
  spans: Type.Union([Type.Integer(), Type.Null()], {
    description: 'All spans of the service in the range; null where only requests are counted',
  }),
  lastSeenUnixNano: Type.Union([UnixNano, Type.Null()], {
    description: 'null when the service is known, but not when it sent last',
  }),
  sparkline: Type.Object({
    startUnixNano: UnixNano,
    stepSeconds: Type.Number(),
    requests: Type.Array(Type.Number(), {
      description: 'From the engines with fractions: shares of what came for several steps at once',
    }),
    errors: Type.Array(Type.Number()),
    p95Ms: Type.Array(Type.Union([Type.Number(), Type.Null()])),
  }),
  operations: Type.Array(Operation, { description: 'The 50 with the most requests' }),
  operationsTotal: Type.Integer(),
});
export type Service = Static<typeof Service>;

export const ServicesResponse = Type.Object({
  range: Range,
  services: Type.Array(Service, { description: 'By requests, most first; at most 200' }),
  servicesTotal: Type.Integer(),
});
export type ServicesResponse = Static<typeof ServicesResponse>;
