import type { IncomingMessage } from 'node:http';
import { joinChunks } from '../otlp/join-chunks.ts';
import {
  type BodyAccounts,
  type BodyLimits,
  type BodyRead,
  type Compression,
  collectBody,
} from '../otlp/read-body.ts';

/** Reads the body of an HTTP request as it came over the wire. See discardRest for what a limit leaves unread. */
export async function readHttpBody(
  request: IncomingMessage,
  limits: BodyLimits & { compression: Compression },
  accounts: BodyAccounts,
): Promise<BodyRead> {
  const body = await collectBody(request, limits, accounts);
  if (body.kind !== 'read') return body;
  const bytes = joinChunks(body.chunks, body.total);
  return { kind: 'read', bytes, compression: limits.compression };
}
