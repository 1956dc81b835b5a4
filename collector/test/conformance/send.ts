import type { Signal } from '#core/signal.ts';
import { decodeAs, type Plain } from '#otlp/testing/reference.ts';
import { callGrpc, METHODS } from './grpc-client.ts';
import { call, JSON_TYPE } from './http-client.ts';
import type { Item } from './recorder.ts';
import type { Door } from './rules.ts';
import type { Target } from './target.ts';
import { broken, must } from './verdict.ts';

export interface Message {
  signal: Signal;
  /** Protobuf. */
  bytes: Uint8Array;
  gzip?: boolean;
}

/** The answer to an export, whichever door it went through. */
export interface Sent {
  isTaken: boolean;
  /** In one word, as in `200` or `INVALID_ARGUMENT`. */
  said: string;
  body: Buffer;
}

/** What a success left out, as the reference codec reads it. */
export interface Partial {
  /** Whether `partial_success` is there at all, be it empty. */
  isSet: boolean;
  /** Whether it says anything: with nothing rejected and no message it counts as full success. */
  isTold: boolean;
  rejected: number;
  message: string;
}

export const RESPONSES = {
  traces: ['ExportTraceServiceResponse', 'rejectedSpans'],
  metrics: ['ExportMetricsServiceResponse', 'rejectedDataPoints'],
  logs: ['ExportLogsServiceResponse', 'rejectedLogRecords'],
} as const;

/** Sends protobuf through one door. */
export async function send(
  target: Target,
  door: Door,
  { signal, bytes, gzip = false }: Message,
): Promise<Sent> {
  if (door === 'grpc') {
    const { code, body } = await callGrpc(target.grpcAddress, METHODS[signal], { message: bytes, gzip });
    return { isTaken: code === 'OK', said: code, body };
  }
  const { status, body } = await call(`${target.httpUrl}/v1/${signal}`, { body: bytes, gzip });
  return { isTaken: status === 200, said: String(status), body };
}

/** Sends OTLP/JSON. */
export async function sendJson(target: Target, signal: Signal, body: string): Promise<Sent> {
  const answer = await call(`${target.httpUrl}/v1/${signal}`, { type: JSON_TYPE, body });
  return { isTaken: answer.status === 200, said: String(answer.status), body: answer.body };
}

/** Reads the body of a success in protobuf. Breaks the rule when it is no response of this signal. */
export function partialOf(signal: Signal, body: Uint8Array): Partial {
  const [name, rejected] = RESPONSES[signal];
  try {
    const { partialSuccess: told } = decodeAs(name as never, body) as { partialSuccess?: Plain | null };
    const count = Number(told?.[rejected] ?? 0);
    const message = String(told?.errorMessage ?? '');
    return { isSet: told != null, isTold: count > 0 || message !== '', rejected: count, message };
  } catch {
    return broken(`a body that is no ${name}`);
  }
}

/** What the JSON body of a success says was left out or should be known; '' when it says nothing. */
export function toldIn(body: Buffer): string {
  const { partialSuccess = {} } = JSON.parse(body.toString()) as { partialSuccess?: Plain };
  return Object.keys(partialSuccess).length === 0 ? '' : JSON.stringify(partialSuccess);
}

/** Sends protobuf that must be taken, and waits for the item of this name at the destination. */
export async function sendTaken(
  target: Target,
  door: Door,
  message: Message & { name: string; what: string },
): Promise<Item> {
  const { isTaken, said } = await send(target, door, message);
  must(isTaken, `${message.what}: ${said}`);
  return arrived(target, message);
}

/** Waits for the item of this name; breaks the rule when it does not come. */
export async function arrived(
  { recorder }: Target,
  { signal, name, what }: { signal: Signal; name: string; what: string },
): Promise<Item> {
  const items = await recorder.untilItems(signal, name);
  return items?.[0] ?? broken(`${what}: taken, and not passed on`);
}
