import { once } from 'node:events';
import type { FastifyReply } from 'fastify';
import { stringifyExact } from '#core/exact-json.ts';
import type { LogTail } from '#query/log-results.ts';

const HEARTBEAT_MS = 15_000;

export interface TailReader {
  /** Aborted when the client leaves. */
  gone: AbortSignal;
  /** False once the reader has logged out, or may read no more for another reason. */
  mayGoOn(): boolean;
}

/** Writes what `tail` hands out as server-sent events until the reader goes; waits when it reads slowly. */
export async function streamTail(reply: FastifyReply, tail: LogTail, reader: TailReader): Promise<void> {
  const turnedAway = new AbortController();
  const gone = AbortSignal.any([reader.gone, turnedAway.signal]);
  reply.hijack();
  const { raw } = reply;
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) raw.setHeader(name, value);
  raw.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  raw.write(': open\n\n');
  const heartbeat = setInterval(() => {
    if (!reader.mayGoOn()) turnedAway.abort();
    else if (!raw.writableNeedDrain) raw.write(': still here\n\n');
  }, HEARTBEAT_MS);
  try {
    while (!gone.aborted) {
      const { dropped, logs } = await tail.next(gone);
      if (gone.aborted || !reader.mayGoOn()) break;
      const events = logs.map((log) => `id: ${log.id}\nevent: log\ndata: ${stringifyExact(log)}\n\n`);
      if (dropped > 0) events.unshift(`event: dropped\ndata: {"count":${dropped}}\n\n`);
      if (!raw.write(events.join(''))) await once(raw, 'drain', { signal: gone });
    }
  } catch (error) {
    if (!gone.aborted)
      raw.write(`event: failed\ndata: ${JSON.stringify({ message: (error as Error).message })}\n\n`);
  } finally {
    clearInterval(heartbeat);
    tail.close();
    raw.end();
  }
}
