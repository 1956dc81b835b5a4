import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { Gate, Sender } from '#core/gate.ts';
import type { FinishedRequest, ReceiverObserver } from '../otlp/observer.ts';
import { emptyTally, type Tally } from '../otlp/tally.ts';
import { type CallHead, signalOfCall } from './call-head.ts';
import type { GrpcCode } from './grpc-status.ts';

/** What is gathered about one call until its stream closes. */
export interface CallRecord {
  readonly tally: Tally;
  head: CallHead | null;
  /** Set once the gate let it in. */
  sender: Sender | null;
  /** The next stage has it, whether its sender hears of it or not. */
  isAccepted: boolean;
  /** Over when it is known what became of it, which may be after its sender has gone. Never rejects. */
  settled: Promise<unknown>;
  /** What was answered, why, and the fault behind it; `status` of HTTP for what was no gRPC. */
  answered(status: GrpcCode | number, reason?: string, error?: unknown): void;
}

export interface CallLog {
  /** Opens the record of a call; the observer is told when its stream closes. */
  open(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): CallRecord;
  /** A connection that broke the rules of HTTP/2, or did not speak it. */
  connectionFailed(reason: string, remoteAddress: string | null): void;
}

interface CallLogDeps {
  observer: ReceiverObserver;
  gate: Gate;
  remoteAddressOf(stream: ServerHttp2Stream): string | null;
}

const MAX_PATH_LENGTH = 200;

/** Tells `observer` of every call once, and the gate what each sender brought. */
export function createCallLog({ gate, observer, remoteAddressOf }: CallLogDeps): CallLog {
  /** A sender that goes before its answer has brought what it brought all the same. */
  function charge(record: CallRecord): void {
    const { sender, tally } = record;
    if (sender === null) return;
    void record.settled.then(() => {
      const { isAccepted } = record;
      gate.charge(sender, { items: tally.items, bytes: tally.bodyBytes, isAccepted });
    });
  }

  return {
    open(stream, headers) {
      const startedMs = performance.now();
      // The session is gone from the stream once that is closed.
      const remoteAddress = remoteAddressOf(stream);
      let answer: { status: GrpcCode | number; reason?: string; error?: unknown } = { status: 'CANCELLED' };
      const record: CallRecord = {
        tally: emptyTally(),
        head: null,
        sender: null,
        isAccepted: false,
        settled: Promise.resolve(),
        answered(status, reason, error) {
          answer = {
            status,
            ...(reason === undefined ? {} : { reason }),
            ...(error === undefined ? {} : { error }),
          };
        },
      };
      stream.once('close', () => {
        // Reset before it was answered to the end, whatever the answer would have been.
        if (stream.rstCode !== constants.NGHTTP2_NO_ERROR) answer = { ...answer, status: 'CANCELLED' };
        const outcome = outcomeOf(answer);
        const durationMs = performance.now() - startedMs;
        observer.requestFinished({
          ...describe(headers, record),
          ...answer,
          outcome,
          durationMs,
          remoteAddress,
        });
        charge(record);
      });
      return record;
    },
    connectionFailed(reason, remoteAddress) {
      const record = { tally: emptyTally(), head: null };
      const call = { ...describe({}, record), status: 'PROTOCOL_ERROR', reason, remoteAddress };
      observer.requestFinished({ ...call, outcome: 'refused', durationMs: 0 });
    },
  };
}

function outcomeOf({
  error,
  status,
}: {
  status: GrpcCode | number;
  error?: unknown;
}): FinishedRequest['outcome'] {
  if (status === 'OK') return 'accepted';
  return error === undefined ? 'refused' : 'failed';
}

type Described = Omit<FinishedRequest, 'status' | 'outcome' | 'durationMs' | 'remoteAddress'>;

function describe(
  headers: IncomingHttpHeaders,
  { head, tally }: Pick<CallRecord, 'head' | 'tally'>,
): Described {
  const path = headers[':path'] ?? '';
  return {
    ...tally,
    method: headers[':method'] ?? '',
    path: path.slice(0, MAX_PATH_LENGTH),
    signal: signalOfCall(path),
    encoding: head === null ? null : 'protobuf',
    compression: head?.compression ?? null,
    userAgent: headers['user-agent'] ?? null,
    traceparent: String(headers.traceparent ?? '') || null,
    isSelf: false,
  };
}
