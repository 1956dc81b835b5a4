import type { TryOutInput } from '#core/try-out.ts';
import { protobufToJson } from '#otlp/protobuf-to-json.ts';

type Value = { stringValue?: string };

interface LogRecord {
  body?: Value;
  attributes?: { key?: string; value?: Value }[];
}

interface LogsRequest {
  resourceLogs?: { scopeLogs?: { logRecords?: LogRecord[] }[] }[];
}

const UNKNOWN_SERVICE = 'unknown_service';

/** A request, in OTLP/JSON, of one log record that has a text as its body or as an attribute. */
export function recordJson({ key, service, text }: TryOutInput, timeUnixNano: bigint): string {
  const value = { stringValue: text.toWellFormed() };
  const name = { stringValue: service.toWellFormed() || UNKNOWN_SERVICE };
  const held = key === '' ? { body: value } : { attributes: [{ key: key.toWellFormed(), value }] };
  return JSON.stringify({
    resourceLogs: [
      {
        resource: { attributes: [{ key: 'service.name', value: name }] },
        scopeLogs: [{ logRecords: [{ timeUnixNano: String(timeUnixNano), ...held }] }],
      },
    ],
  });
}

/** What became of that text; '' when it is gone. */
export function recordText(bytes: Uint8Array, key: string): string {
  const request = JSON.parse(protobufToJson('logs', bytes) ?? '{}') as LogsRequest;
  const record = request.resourceLogs?.[0]?.scopeLogs?.[0]?.logRecords?.[0];
  const wanted = key.toWellFormed();
  const value =
    key === '' ? record?.body : record?.attributes?.find((attribute) => attribute.key === wanted)?.value;
  return value?.stringValue ?? (value === undefined ? '' : JSON.stringify(value));
}
