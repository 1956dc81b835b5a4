import type { Config } from '#config/schema.ts';
import type { Tokens } from '#config/secrets.ts';
import type { AccountingReport } from '#core/accounting.ts';
import type { Signal } from '#core/signal.ts';
import type { JournalView } from '#journal/segments.ts';
import type { KeysReport } from '#keys/open-keys.ts';
import type { LogRecord } from '#self/log-record.ts';
import type { MetricJson } from '#self/metrics.ts';

/** What the main thread hands the worker at its birth. */
export interface BackOfficeSettings {
  config: Config;
  tokens: Tokens;
  version: string;
  startedUnixNano: bigint;
  selfToken: string;
  instanceId: string;
}

/** What one thread asks the other, by the word of the question. */
export interface Answers {
  metrics: MetricJson[];
  accounting: AccountingReport;
  keys: KeysReport;
}
export type Question = keyof Answers;

export type ToBackOffice =
  /** A journal as it is now; the first three come before `consume`. */
  | { kind: 'journal'; signal: Signal; view: JournalView }
  | { kind: 'consume' }
  | { kind: 'receiving'; url: string }
  | { kind: 'ask'; id: number; question: Question }
  | { kind: 'answer'; id: number; answer: Answers[Question] }
  | { kind: 'stopping' }
  | { kind: 'stop' };

export type FromBackOffice =
  | { kind: 'started'; consoleUrl: string }
  | { kind: 'consuming' }
  /** The store needs this signal's journal from `sequence` on. */
  | { kind: 'needed'; signal: Signal; sequence: number }
  /** `isOperator`: the message says what to do and stands alone. */
  | { kind: 'failed'; message: string; isOperator: boolean }
  | { kind: 'log'; record: LogRecord }
  | { kind: 'ask'; id: number; question: Question }
  | { kind: 'answer'; id: number; answer: Answers[Question] }
  | { kind: 'stopped' };
