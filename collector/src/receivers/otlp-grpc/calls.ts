import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { Gate } from '#core/gate.ts';
import { encodeExportResponse } from '#otlp/response.ts';
import { admit } from '../otlp/admission.ts';
import { STOPPING } from '../otlp/failure.ts';
import { createIngest, type IngestDeps } from '../otlp/ingest.ts';
import { answerHttp, answerMessage, answerStatus } from './call-answers.ts';
import { type CallHead, judgeCall } from './call-head.ts';
import type { CallLog, CallRecord } from './call-log.ts';
import type { OtlpGrpcConfig } from './config.ts';
import { type GrpcStatus, grpcStatusOf } from './grpc-status.ts';
import { answerHealth } from './health-check.ts';
import { readMessage } from './read-message.ts';

export interface CallsDeps extends IngestDeps {
  gate: Gate;
  log: CallLog;
  isStopping(): boolean;
}

/** One call: its stream and its headers, once more as Node lists them. */
export interface Call {
  stream: ServerHttp2Stream;
  headers: IncomingHttpHeaders;
  rawHeaders: readonly string[];
}

interface OpenCall extends Call {
  record: CallRecord;
}

const FAULT: GrpcStatus = { code: 'INTERNAL', message: 'internal fault' };

/** The way of one call from its headers to its answer. Never throws. */
export function createCalls(config: OtlpGrpcConfig, deps: CallsDeps): (call: Call) => void {
  const { gate, isStopping, log } = deps;
  const ingest = createIngest({ maxBytes: config.max_message_bytes, maxItems: config.max_items }, deps);

  function refuse({ record, stream }: OpenCall, status: GrpcStatus, error?: unknown): void {
    record.answered(status.code, status.message, error);
    answerStatus(stream, status);
  }

  async function onExport(call: OpenCall, head: CallHead): Promise<void> {
    const { compression, signal, timeoutMs } = head;
    const { record, stream } = call;
    const { sender, tally } = record;
    if (sender === null) throw new Error('an export call came past the gate');
    const limits = {
      compression,
      maxBytes: config.max_message_bytes,
      timeoutMs: Math.min(config.message_timeout_ms, timeoutMs ?? Number.POSITIVE_INFINITY),
    };
    const working = ingest({
      signal,
      encoding: 'protobuf',
      source: 'otlp_grpc',
      sender,
      tally,
      read: (lease) => readMessage(stream, limits, { lease, tally }),
    }).then((result) => {
      record.isAccepted = result.kind === 'accepted';
      return result;
    });
    record.settled = working.catch(() => {});
    const result = await working;
    if (result.kind === 'gone') return;
    if (result.kind === 'refused') return refuse(call, grpcStatusOf(result.failure), result.error);
    record.answered('OK', result.reason === '' ? undefined : result.reason);
    answerMessage(stream, encodeExportResponse(signal, result, 'protobuf'));
  }

  function judgeSender({ headers, rawHeaders, record }: OpenCall): GrpcStatus | null {
    if (isStopping()) return grpcStatusOf(STOPPING);
    const declared = Math.min(Number(headers['content-length']) || 0, config.max_message_bytes);
    const admitted = admit(gate, rawHeaders, Math.max(0, declared));
    if (!admitted.ok) return grpcStatusOf(admitted.failure);
    record.sender = admitted.sender;
    return null;
  }

  return (call) => {
    const { headers, stream } = call;
    const judged = judgeCall(headers);
    if (judged.kind === 'health') {
      answerHealth(stream, isStopping).catch(() => answerStatus(stream, FAULT));
      return;
    }
    const record = log.open(stream, headers);
    const open = { ...call, record };
    if (judged.kind === 'not_grpc') {
      record.answered(judged.httpStatus, judged.message);
      answerHttp(stream, judged.httpStatus, judged.message);
      return;
    }
    if (judged.kind === 'refused') return refuse(open, judged.status);
    record.head = judged.head;
    const status = judgeSender(open);
    if (status !== null) return refuse(open, status);
    onExport(open, judged.head).catch((error) => refuse(open, FAULT, error));
  };
}
