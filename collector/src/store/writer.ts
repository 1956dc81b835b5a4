import { createExclusive } from '#core/exclusive.ts';
import type { Payload } from '#core/payload.ts';
import { type CommitterDeps, createCommitter, type SignalProgress } from './committer.ts';

export interface WriterDeps extends CommitterDeps {
  /** After a commit: what became visible. */
  onCommit: (payloads: readonly Payload[]) => void;
}

/** The only writer of the store. */
export interface Writer {
  /**
   * Resolves once the rows of `payloads` and `progress` are on disk, in one transaction; rejects when they are not,
   * and then none of them is.
   */
  write(payloads: readonly Payload[], progress: SignalProgress | null): Promise<void>;
  /** Runs `work` between two commits, for what must not meet an open transaction. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /** Lets what has begun end, then refuses. */
  close(): Promise<void>;
}

export function createWriter(deps: WriterDeps): Writer {
  const commit = createCommitter(deps);
  const exclusively = createExclusive();
  let closed = false;
  return {
    write: (payloads, progress) =>
      exclusively(async () => {
        if (closed) throw new Error('the store is closed');
        await commit(payloads, progress);
        if (payloads.length > 0) deps.onCommit(payloads);
      }),
    exclusively,
    close: () =>
      exclusively(async () => {
        closed = true;
      }),
  };
}
