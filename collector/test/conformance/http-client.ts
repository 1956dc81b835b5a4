import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { readStatus, readStatusJson, type Status } from './google-rpc.ts';
import { broken } from './verdict.ts';

export const PROTOBUF = 'application/x-protobuf';
export const JSON_TYPE = 'application/json';

export interface HttpCall {
  method?: string;
  /** `application/x-protobuf` unless said. */
  type?: string;
  headers?: Readonly<Record<string, string>>;
  body?: Uint8Array | string;
  /** Compresses the body and says so. */
  gzip?: boolean;
  /** Without a content-length. */
  chunked?: boolean;
  agent?: Agent;
}

export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** On a connection that had served another request before. */
  reusedSocket: boolean;
}

/** Sends one request with exactly these bytes; rejects when the connection ends without an answer. */
export function call(url: string, init: HttpCall = {}): Promise<HttpAnswer> {
  const { method = 'POST', type = PROTOBUF, gzip = false, chunked = false } = init;
  const plain = Buffer.from(init.body ?? '');
  const body = gzip ? gzipSync(plain) : plain;
  const headers: Record<string, string> = {
    'content-type': type,
    ...(gzip ? { 'content-encoding': 'gzip' } : {}),
    ...(chunked ? { 'transfer-encoding': 'chunked' } : { 'content-length': String(body.length) }),
    ...init.headers,
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: init.agent ?? new Agent({ keepAlive: false }) });
    sent.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () =>
        resolve({
          status: response.statusCode!,
          headers: response.headers,
          body: Buffer.concat(chunks),
          reusedSocket: sent.reusedSocket,
        }),
      );
    });
    // A server that refuses by the head may close before all is written; its answer counts.
    sent.on('error', (error) => setTimeout(() => reject(error), 1000).unref());
    sent.end(body);
  });
}

/** The Status in an answer, in the encoding that `type` names. Breaks the rule when it is not there. */
export function statusOf(answer: HttpAnswer, type: string): Status {
  const got = mediaType(answer);
  if (got !== type) broken(`${answer.status} has a ${got === '' ? 'body without a type' : `${got} body`}`);
  try {
    return type === PROTOBUF ? readStatus(answer.body) : readStatusJson(answer.body.toString());
  } catch {
    return broken(`${answer.status} has a body that is no Status`);
  }
}

/** Without parameters. */
export function mediaType({ headers }: HttpAnswer): string {
  return (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
}
