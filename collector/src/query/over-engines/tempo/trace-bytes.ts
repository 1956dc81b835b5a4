import { createCursor, readUint32, skipField } from '#otlp/wire.ts';
import { EngineError } from '../../engine-error.ts';
import type { EngineClient } from '../engine-client.ts';
import { textOf } from '../engine-refusal.ts';

/** A trace as Tempo keeps it: the bytes of an ExportTraceServiceRequest. */
export interface TraceBytes {
  bytes: Uint8Array;
  /** Tempo left spans out because the trace is larger than it may be. */
  partial: boolean;
}

const MAX_BYTES = 64 * 1024 * 1024;
const headers = { accept: 'application/protobuf' };
/** Fields of tempopb.TraceByIDResponse (pkg/tempopb/tempo.proto): `trace`, `status`. */
const TRACE = 0x0a;
const STATUS = 0x18;
const PARTIAL = 1;

/** Null when Tempo has no such trace. Old versions, such as 1.5, know only the second address. */
export async function fetchTrace(
  client: EngineClient,
  traceId: string,
  signal: AbortSignal,
): Promise<TraceBytes | null> {
  const ask = (path: string) =>
    client.ask({ path: `${path}/${traceId}`, headers, maxBytes: MAX_BYTES }, signal);
  const answer = await ask('/api/v2/traces');
  if (answer !== null) return unwrap(answer);
  const older = await ask('/api/traces');
  return older === null ? null : { bytes: older, partial: false };
}

function unwrap(answer: Uint8Array): TraceBytes | null {
  const cursor = createCursor();
  let bytes: Uint8Array = new Uint8Array();
  let partial = false;
  while (cursor.at < answer.length) {
    const tag = readUint32(answer, cursor);
    if (tag === TRACE) {
      const length = readUint32(answer, cursor);
      bytes = answer.subarray(cursor.at, cursor.at + length);
      cursor.at += length;
    } else if (tag === STATUS) partial = readUint32(answer, cursor) === PARTIAL;
    else skipField(answer, cursor, tag);
  }
  if (cursor.at !== answer.length)
    throw new EngineError('failed', `Tempo's answer is cut: ${textOf(answer.subarray(0, 80))}`);
  return bytes.length === 0 ? null : { bytes, partial };
}
