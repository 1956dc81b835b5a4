import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants } from 'node:http2';
import type { Socket } from 'node:net';
import type { Gate, Sender } from '#core/gate.ts';
import type { FinishedRequest, ReceiverObserver } from '../otlp/observer.ts';
import { emptyTally, type Tally } from '../otlp/tally.ts';
import { http2StreamOf } from './http2-stream.ts';
import type { Refusal } from './refusal.ts';
import { type ExportHead, pathOf, signalOfPath } from './request-head.ts';

/** What is gathered about one request until it ends. */
export interface RequestRecord {
  readonly isSelf: boolean;
  readonly tally: Tally;
  head: ExportHead | null;
  /** Set once the gate let it in; null for what never got there and for our own. */
  sender: Sender | null;
  /** The next stage has it, whether its sender hears of it or not. */
  isAccepted: boolean;
  /** Over when it is known what became of it, which may be after its sender has gone. Never rejects. */
  settled: Promise<unknown>;
  /** Why the request was refused or items left out, and the fault behind it, if one was. */
  note(reason: string, error?: unknown): void;
}

export interface RequestLog {
  /** The record of a request; the first call opens it. The observer is told when its response closes. */
  of(request: IncomingMessage, response: ServerResponse): RequestRecord;
  /** Bytes that Node could not read as a request: part of the open request of that connection, or one of its own. */
  clientError(socket: Socket, refusal: Refusal): void;
  /** A connection that ended before it could send a request. */
  connectionFailed(reason: string, socket: Socket): void;
}

interface OpenRecord extends RequestRecord {
  reason: string | null;
  error: unknown;
  /** Set when the answer was written past the response. */
  status: number | null;
}

const GONE = 499;
const MAX_PATH_LENGTH = 200;

interface RequestLogDeps {
  observer: ReceiverObserver;
  gate: Gate;
  /** See OtlpHttpDeps. */
  selfToken: string;
}

/** Tells `observer` of every request once, and the gate what each sender brought. */
export function createRequestLog({ gate, observer, selfToken }: RequestLogDeps): RequestLog {
  const records = new WeakMap<IncomingMessage, OpenRecord>();
  const bySocket = new WeakMap<Socket, OpenRecord>();
  const expected = Buffer.from(selfToken);

  function isSelf(request: IncomingMessage): boolean {
    const given = Buffer.from(String(request.headers['x-signalbox-self'] ?? ''));
    return given.length > 0 && given.length === expected.length && timingSafeEqual(given, expected);
  }

  function open(request: IncomingMessage, response: ServerResponse): OpenRecord {
    const startedMs = performance.now();
    const { socket } = request;
    // Gone from the socket once the connection is closed.
    const remoteAddress = socket.remoteAddress ?? null;
    const record = createRecord(isSelf(request));
    records.set(request, record);
    bySocket.set(socket, record);
    response.once('close', () => {
      if (bySocket.get(socket) === record) bySocket.delete(socket);
      const status = record.status ?? (isAnswered(request, response) ? response.statusCode : GONE);
      const durationMs = performance.now() - startedMs;
      const outcome = outcomeOf(status, record.error);
      observer.requestFinished({ ...describe(request, record), status, outcome, durationMs, remoteAddress });
      charge(record);
    });
    return record;
  }

  /** A sender that goes before its answer has brought what it brought all the same. */
  function charge(record: OpenRecord): void {
    const { sender, tally } = record;
    if (sender === null) return;
    void record.settled.then(() => {
      const { isAccepted } = record;
      gate.charge(sender, { items: tally.items, bytes: tally.bodyBytes, isAccepted });
    });
  }

  return {
    of: (request, response) => records.get(request) ?? open(request, response),
    clientError(socket, refusal) {
      const record = bySocket.get(socket);
      if (record === undefined) {
        observer.requestFinished(unreadable(refusal, socket));
        return;
      }
      record.status = refusal.status;
      record.note(refusal.message);
    },
    connectionFailed(reason, socket) {
      observer.requestFinished(unreadable({ status: 400, message: reason }, socket));
    },
  };
}

/** Whether all of the answer has left. */
function isAnswered(request: IncomingMessage, response: ServerResponse): boolean {
  const stream = http2StreamOf(request);
  if (stream === null) return response.writableFinished;
  return response.writableEnded && stream.rstCode === constants.NGHTTP2_NO_ERROR;
}

function createRecord(isSelf: boolean): OpenRecord {
  return {
    isSelf,
    tally: emptyTally(),
    head: null,
    sender: null,
    isAccepted: false,
    settled: Promise.resolve(),
    reason: null,
    error: undefined,
    status: null,
    note(reason, error) {
      this.reason = reason;
      this.error = error;
    },
  };
}

function outcomeOf(status: number, error: unknown): FinishedRequest['outcome'] {
  if (status < 400) return 'accepted';
  return error !== undefined || status === 500 ? 'failed' : 'refused';
}

function describe(
  request: IncomingMessage,
  record: OpenRecord,
): Omit<FinishedRequest, 'status' | 'outcome' | 'durationMs' | 'remoteAddress'> {
  const { headers } = request;
  const { head, tally, isSelf, reason, error } = record;
  const path = pathOf(request);
  return {
    ...tally,
    bodyBytes: tally.bodyBytes || Number(headers['content-length']) || 0,
    method: request.method ?? '',
    path: path.slice(0, MAX_PATH_LENGTH),
    signal: signalOfPath(path),
    encoding: head?.encoding ?? null,
    compression: head?.compression ?? null,
    userAgent: headers['user-agent'] ?? null,
    traceparent: String(headers.traceparent ?? '') || null,
    isSelf,
    ...(reason === null ? {} : { reason }),
    ...(error === undefined ? {} : { error }),
  };
}

function unreadable(refusal: Refusal, socket: Socket): FinishedRequest {
  return {
    method: '',
    path: '',
    signal: null,
    status: refusal.status,
    outcome: 'refused',
    durationMs: 0,
    ...emptyTally(),
    encoding: null,
    compression: null,
    userAgent: null,
    traceparent: null,
    remoteAddress: socket.remoteAddress ?? null,
    isSelf: false,
    reason: refusal.message,
  };
}
