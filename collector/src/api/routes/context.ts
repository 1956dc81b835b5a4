import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { AccountingReport } from '#core/accounting.ts';
import type { Clock } from '#core/clock.ts';
import type { Query } from '#query/query.ts';

/** A fastify that derives the types of requests from their schemas. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

export interface RouteDeps {
  query: Query;
  clock: Clock;
  /** Journals and destinations as they are now. */
  readAccounting(): Promise<AccountingReport>;
}
