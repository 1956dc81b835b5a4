import { type Static, Type } from 'typebox';
import { UnixNano } from './common.ts';

/** What the console asks first: is anything here, where do apps send to, how is the store. */
export const StatusResponse = Type.Object({
  version: Type.String(),
  startedUnixNano: UnixNano,
  otlpHttpUrl: Type.String({ description: 'Where apps of this machine send, without the path' }),
  received: Type.Object(
    { traces: Type.Integer(), metrics: Type.Integer(), logs: Type.Integer() },
    {
      description:
        'Spans, points and log records of apps (not of Signalbox itself) in the store, each counted up to 1,000',
    },
  ),
  store: Type.Object({
    bytes: Type.Integer(),
    maxBytes: Type.Integer(),
    maxAgeDays: Type.Number(),
    days: Type.Array(Type.Object({ day: Type.String(), bytes: Type.Integer(), state: Type.String() })),
    expired: Type.Array(Type.Object({ signal: Type.String(), reason: Type.String(), items: Type.Integer() })),
  }),
});
export type StatusResponse = Static<typeof StatusResponse>;
