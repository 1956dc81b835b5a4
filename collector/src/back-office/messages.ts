import type { Config } from '#config/schema.ts';
import type { Outcome } from '#core/outcome.ts';
import type { Payload } from '#core/payload.ts';
import type { LogRecord } from '#self/log-record.ts';
import type { MetricJson } from '#self/metrics.ts';

/** What the main thread hands the worker at its birth. */
export interface BackOfficeSettings {
  config: Config;
  tokens: { operator: string; machine: string };
  version: string;
  startedUnixNano: bigint;
  selfToken: string;
  instanceId: string;
}

export type ToBackOffice =
  | { kind: 'offer'; id: number; payload: Payload }
  | { kind: 'receiving'; url: string }
  | { kind: 'collect'; id: number }
  | { kind: 'collected'; id: number; metrics: MetricJson[] }
  | { kind: 'stopping' }
  | { kind: 'stop' };

export type FromBackOffice =
  | { kind: 'outcome'; id: number; outcome: Outcome }
  | { kind: 'started'; consoleUrl: string }
  /** `isOperator`: the message says what to do and stands alone. */
  | { kind: 'failed'; message: string; isOperator: boolean }
  | { kind: 'log'; record: LogRecord }
  | { kind: 'collect'; id: number }
  | { kind: 'collected'; id: number; metrics: MetricJson[] }
  | { kind: 'stopped' };
