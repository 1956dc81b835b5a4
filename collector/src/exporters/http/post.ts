import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';

/** What came back: an answer, or no whole one. */
export type PostResult =
  | {
      kind: 'answer';
      status: number;
      headers: http.IncomingHttpHeaders;
      body: Buffer;
      isCut: boolean;
      /** It came over this one, which may be in use again or closed by now. */
      connection: Socket;
    }
  | { kind: 'failed'; reason: string };

export interface PostRequest {
  url: URL;
  headers: Record<string, string | number>;
  body: Uint8Array;
  timeoutMs: number;
  signal: AbortSignal;
}

export interface Poster {
  /** Never rejects; follows no redirect. */
  post(request: PostRequest): Promise<PostResult>;
  close(): void;
}

// OTLP specification, "OTLP/HTTP Response": clients limit what they read, 4 MiB being recommended.
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/** Posts over kept connections, at most `maxSockets` to each origin. */
export function createPoster({ maxSockets }: { maxSockets: number }): Poster {
  const options = { keepAlive: true, maxSockets, maxFreeSockets: maxSockets };
  const plain = new http.Agent(options);
  const secure = new https.Agent(options);
  const once = (request: PostRequest) =>
    request.url.protocol === 'https:'
      ? exchange(request, (url, rest) => https.request(url, { ...rest, agent: secure }))
      : exchange(request, (url, rest) => http.request(url, { ...rest, agent: plain }));
  return {
    async post(request) {
      const first = await once(request);
      // A server may close an idle connection in the moment that it is used again.
      const { isStale, ...result } = first.isStale && !request.signal.aborted ? await once(request) : first;
      return result as PostResult;
    },
    close() {
      plain.destroy();
      secure.destroy();
    },
  };
}

type Open = (url: URL, options: http.RequestOptions) => http.ClientRequest;
type Exchange = PostResult & { isStale?: boolean };

function exchange({ url, headers, body, timeoutMs, signal }: PostRequest, open: Open): Promise<Exchange> {
  return new Promise((resolve) => {
    const all = { ...headers, 'content-length': body.length };
    const request = open(url, { method: 'POST', headers: all, signal });
    const end = (result: Exchange) => {
      clearTimeout(timer);
      // Whoever answers before it has read all may never read the rest, and would keep the connection for ever.
      if (!request.writableFinished) request.destroy();
      resolve(result);
    };
    // Not by an error of the request: one that waits for a connection tells none before it has it.
    const timer = setTimeout(() => {
      request.destroy();
      end({ kind: 'failed', reason: `no complete answer within ${timeoutMs} ms` });
    }, timeoutMs);
    let hasAnswer = false;
    request.on('response', (response) => {
      hasAnswer = true;
      readAnswer(response, end);
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      // An answer may come before the whole body went out; then it is the answer that counts.
      if (hasAnswer && error.code === 'EPIPE') return;
      end({
        kind: 'failed',
        reason: reasonOf(error),
        isStale: request.reusedSocket && error.code === 'ECONNRESET',
      });
    });
    request.end(body);
  });
}

function readAnswer(response: http.IncomingMessage, end: (result: Exchange) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const { statusCode: status = 0, headers, socket: connection } = response;
  const answer = (isCut: boolean) =>
    end({ kind: 'answer', status, headers, body: Buffer.concat(chunks), isCut, connection });
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) {
      answer(true);
      response.destroy();
    } else chunks.push(chunk);
  });
  response.on('end', () => {
    if (response.complete) answer(false);
  });
  response.on('error', (error) => end({ kind: 'failed', reason: reasonOf(error) }));
  response.on('close', () => end({ kind: 'failed', reason: 'the answer was cut short' }));
}

function reasonOf(error: NodeJS.ErrnoException): string {
  const inner = error instanceof AggregateError ? error.errors.at(-1) : undefined;
  const { message, code } = inner instanceof Error ? (inner as NodeJS.ErrnoException) : error;
  return message || code || 'the connection failed';
}
