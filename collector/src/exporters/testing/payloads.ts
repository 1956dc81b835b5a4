import type { Signal } from '#core/signal.ts';
import { readEnvelope } from '#otlp/envelope.ts';
import { jsonToProtobuf } from '#otlp/json-to-protobuf.ts';
import { createLogReader } from '#otlp/log-record.ts';

/** A logs request whose records have these texts as event names. */
export function logsOf(names: readonly string[]): Uint8Array {
  const logRecords = names.map((eventName) => ({ timeUnixNano: '1', eventName }));
  return requestOf('logs', { resourceLogs: [{ resource: {}, scopeLogs: [{ logRecords }] }] });
}

/** The event names of a logs request, in order. */
export function namesIn(bytes: Uint8Array): string[] {
  const names: string[] = [];
  const read = createLogReader([]);
  readEnvelope(bytes, {
    resource: () => undefined,
    scope: () => undefined,
    item: (start, end) => names.push(read(bytes, start, end).eventName),
  });
  return names;
}

function requestOf(signal: Signal, request: object): Uint8Array {
  const transcoded = jsonToProtobuf(signal, Buffer.from(JSON.stringify(request)));
  if (!transcoded.ok) throw new Error(transcoded.message);
  return transcoded.bytes;
}
