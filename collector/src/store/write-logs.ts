import { createLogReader } from '#otlp/log-record.ts';
import type { DayTables } from './day-tables.ts';
import type { Origin } from './write-origin.ts';

const readLog = createLogReader([]);

/** Writes the LogRecord message at `start` to `end` as one row of `logs`. Columns as in ddl/logs.sql. */
export function writeLog(
  tables: DayTables,
  origin: Origin,
  item: { bytes: Uint8Array; start: number; end: number; arrived: bigint },
): void {
  const { bytes } = item;
  const log = readLog(bytes, item.start, item.end);
  const row = tables.logs;
  row.row();
  row.setInteger(0, tables.nextId());
  const at = knownTime(bytes, log.timeAt) ? log.timeAt : log.observedTimeAt;
  if (knownTime(bytes, at)) row.copyFixed64(1, bytes, at);
  else row.setBigInt(1, item.arrived);
  row.copyFixed64(2, bytes, log.timeAt);
  row.copyFixed64(3, bytes, log.observedTimeAt);
  row.setBigInt(4, item.arrived);
  row.setText(5, origin.service);
  row.setNumber(6, log.severityNumber);
  row.setText(7, log.severityText);
  row.setText(8, log.eventName);
  row.setText(9, log.bodyJson);
  row.copyId(10, { bytes, at: log.traceIdAt, length: 16 });
  row.copyId(11, { bytes, at: log.spanIdAt, length: 8 });
  row.setNumber(12, log.flags);
  row.setText(13, log.attributesJson);
  row.setNumber(14, log.droppedAttributesCount);
  row.setInteger(15, origin.resourceId);
  row.setInteger(16, origin.scopeId);
}

/** 0 means unknown (opentelemetry-proto, logs.proto, time_unix_nano). */
function knownTime(bytes: Uint8Array, at: number): boolean {
  if (at < 0) return false;
  for (let i = 0; i < 8; i++) if (bytes[at + i] !== 0) return true;
  return false;
}
