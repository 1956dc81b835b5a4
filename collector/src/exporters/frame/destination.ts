import type { Progress } from '#core/progress.ts';
import type { RecordInfo } from '#core/record.ts';
import type { Signal } from '#core/signal.ts';

/** One payload of a batch: `info.encoding` says what its bytes are. */
export interface BatchRecord {
  info: RecordInfo;
  payload: Uint8Array;
}

/** What one request to a destination carries: payloads of one signal and one tenant, never none. */
export interface Batch {
  signal: Signal;
  tenant: string;
  records: readonly BatchRecord[];
  /** Spans, log records or metric data points of all records. */
  items: number;
  uncompressedBytes: number;
  /** Sent again from the dead-letter folder: older than its neighbours, and possibly known already. */
  isReplay: boolean;
}

/** Items that a destination takes only in another form: values cut, or attributes moved into the body. */
export interface Adjusted {
  trimmed: number;
  moved: number;
}

/**
 * What a destination says of a batch. `delivered`: taken, but for `refusedItems` that it left out by itself.
 * `retry`: may pass later, not before `afterMs`; `isUnanswered` when the connection ended or nothing came in time. `suspect`: failed in a way that may never pass (HTTP 500).
 * `refused`: this batch, as it is, never passes; `isWhole` when that is not for what is in it, so that none of it is sent
 * again to find out.
 */
export type SendOutcome =
  | {
      kind: 'delivered';
      refusedItems: number;
      message: string;
      progressSaved?: boolean;
      adjusted?: Adjusted;
      /**
       * For a destination that answers before it has written what it took. True: it has now. False: it went away before,
       * so the batch is sent again. Never rejects. Until then the batch counts as waiting, and holds up no other.
       */
      confirmation?: Promise<boolean>;
    }
  | { kind: 'retry'; reason: string; afterMs: number | null; isUnanswered?: boolean }
  | { kind: 'suspect'; reason: string }
  | { kind: 'refused'; reason: string; isWhole?: boolean };

export interface SendContext {
  /** Aborted when the time for stopping is over: answer soon, with anything. */
  signal: AbortSignal;
  /**
   * For transactional destinations: what holds if the whole batch is delivered. One that writes it together
   * with the batch answers `progressSaved`. null when the batch is part of a record, which cannot be told.
   */
  progressAfter: Progress | null;
}

/** Where telemetry goes. Has no queue, no retry and no state of its own: the frame has. */
export interface Destination {
  /** The word in configuration, folders, metrics and log: `otlp`, `store`. */
  readonly name: string;
  /** Wants batches whose payloads are all gzip or all identity; else it gets them mixed. */
  readonly groupByEncoding: boolean;
  /** Keeps progress and data in one transaction: one batch at a time, and `progressAfter` with each. */
  readonly isTransactional: boolean;
  /** Its outcomes have a `confirmation`. */
  readonly confirms?: boolean;
  /** What throws here counts as `suspect`. */
  send(batch: Batch, context: SendContext): Promise<SendOutcome>;
  /** Whether it takes this signal's requests at all; asked when a batch is suspect. Throwing is no. */
  isReady(telemetry: Signal, signal: AbortSignal): Promise<boolean>;
  /** Called once, after the last request. */
  close?(): void | Promise<void>;
}
