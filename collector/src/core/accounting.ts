import type { ProcessorCount } from './processor-count.ts';
import type { SettledCounts } from './progress.ts';
import type { Signal } from './signal.ts';

/**
 * Where one destination's items of one signal are. At any time and after any crash:
 * accepted = delivered + waiting + expired + refused + deadLettered + damaged.
 */
export interface DestinationAccount extends SettledCounts {
  /** The word in configuration, metrics and log: `store`, `otlp`. */
  destination: string;
  signal: Signal;
  /** Items taken into the journal since this account began. */
  accepted: number;
  /** Items on disk that the destination has not settled; counted from the journal, not from the others. */
  waiting: number;
  /** When the oldest of them was received, milliseconds since 1970 UTC; null when none waits. */
  oldestWaitingUnixMs: number | null;
  /** `retrying`: the last attempt failed and is repeated; `splitting`: looking for the items at fault. */
  state: 'idle' | 'sending' | 'retrying' | 'splitting';
  /** Why the last attempt failed; null once one succeeded. */
  lastError: string | null;
  /** Milliseconds since 1970 UTC of the next attempt while retrying. */
  nextAttemptUnixMs: number | null;
}

/** One signal's journal. Amounts are items since it began, and bytes on disk. */
export interface JournalAccount {
  signal: Signal;
  accepted: number;
  bytes: number;
  maxBytes: number;
  maxAgeSeconds: number;
  segments: number;
  oldestUnixMs: number | null;
  /** Why it cannot be written now, senders get 503; null when it can. */
  failure: string | null;
}

/** Something that was accepted and may still come to harm behind a destination's 200, so that no account shows it. */
export interface AccountingWarning {
  code: 'delta_temporality';
  /** What it means and what to do about it, in English. */
  message: string;
  /** Data points of these services. */
  points: number;
  /** Names of services, the latest first. */
  services: string[];
  /** Milliseconds since 1970 UTC. */
  lastUnixMs: number;
}

export interface AccountingReport {
  journals: JournalAccount[];
  destinations: DestinationAccount[];
  warnings: AccountingWarning[];
  /** What was done to telemetry on its way in, since the start of the process. */
  processors: ProcessorCount[];
}
