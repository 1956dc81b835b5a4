import type { SettledCounts } from '#core/progress.ts';
import type { Signal } from '#core/signal.ts';

/** What happens between the journal and a destination. Bounded in number by requests, never one for each item. */
export type ExporterEvent =
  /** One request, whatever came of it. */
  | { kind: 'attempted'; result: 'delivered' | 'retry' | 'suspect' | 'refused'; items: number }
  /** Items reached their end; the sum of these is the account's. */
  | { kind: 'settled'; counts: SettledCounts }
  /** Worth a line: the first failure of a batch, then each time the number of its failures has doubled. */
  | { kind: 'retrying'; tenant: string; reason: string; failures: number; delayMs: number }
  /** Worth a line: a batch passed after such a line. */
  | { kind: 'recovered'; tenant: string; failures: number }
  /** The destination took a batch and left items out. */
  | { kind: 'partly_refused'; tenant: string; items: number; message: string }
  /** Worth a line: connections close too soon to tell whether the destination has written what it took; it is believed. */
  | { kind: 'unconfirmed'; tenant: string }
  /** Items went to the destination in another form, because it would have refused them as they came. */
  | { kind: 'adjusted'; trimmed: number; moved: number }
  /** A batch was taken apart to find the items at fault: how many requests that took and what is kept aside. */
  | { kind: 'split'; tenant: string; reason: string; requests: number; items: number; deadLettered: number }
  /** The dead-letter folder is full: its oldest letters, and these items with them, are lost. */
  | { kind: 'dead_letters_evicted'; letters: number; items: number }
  | { kind: 'replayed'; tenant: string; name: string; delivered: number; refusedAgain: number }
  /** Dead letters that could not be written, or progress that could not be saved: tried again. */
  | { kind: 'disk_failed'; what: 'progress' | 'dead_letter'; reason: string }
  /** The account begins anew; `reason` is null at the very first start. */
  | { kind: 'began'; reason: string | null }
  /** A fault of ours that nothing else tells. */
  | { kind: 'fault'; error: unknown };

/** Whoever counts and logs them. Must not throw. */
export type ExporterObserver = (of: { destination: string; signal: Signal }, event: ExporterEvent) => void;

/** An observer that knows already of whom. */
export type Observe = (event: ExporterEvent) => void;
