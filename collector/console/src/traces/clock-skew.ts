import type { LogRecord } from '#api/schemas/logs.ts';
import type { Span } from '#api/schemas/traces.ts';
import { nanosSince } from '../format/time.ts';

export interface SkewedService {
  service: string;
  /** What was added to its times, in nanoseconds; the largest where spans differ. */
  offsetNano: number;
}

/** The services whose spans were moved because their clock differs from that of the root, by name. */
export function skewedServices(spans: readonly Span[]): SkewedService[] {
  const largest = new Map<string, number>();
  for (const { service, clockOffsetNano } of spans) {
    const offset = Number(clockOffsetNano);
    if (Math.abs(offset) > Math.abs(largest.get(service) ?? 0)) largest.set(service, offset);
  }
  return [...largest]
    .map(([service, offsetNano]) => ({ service, offsetNano }))
    .sort((a, b) => a.service.localeCompare(b.service));
}

/** A log record in its place on the clock of the root. */
export interface PlacedLog {
  log: LogRecord;
  /** Nanoseconds from the trace's start. */
  startNano: number;
  /** What was added to its time, in nanoseconds. */
  offsetNano: number;
}

/** Logs by time on the clock of the root: each is moved like its span, or like its service when its span is not here. */
export function placeLogs(
  logs: readonly LogRecord[],
  spans: readonly Span[],
  originUnixNano: string,
): PlacedLog[] {
  const bySpan = new Map(spans.map(({ spanId, clockOffsetNano }) => [spanId, Number(clockOffsetNano)]));
  const byService = new Map(skewedServices(spans).map(({ service, offsetNano }) => [service, offsetNano]));
  return logs
    .map((log) => {
      const offsetNano = bySpan.get(log.spanId ?? '') ?? byService.get(log.service) ?? 0;
      return { log, offsetNano, startNano: nanosSince(log.timeUnixNano, originUnixNano) + offsetNano };
    })
    .sort((a, b) => a.startNano - b.startNano);
}
