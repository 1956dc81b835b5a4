import type { Outcome } from '#core/outcome.ts';
import type { Payload } from '#core/payload.ts';
import type { Sink } from '#core/sink.ts';
import { type CommitterDeps, createCommitter, RETRY_SECONDS } from './committer.ts';

export interface WriterConfig {
  commit_interval_ms: number;
  queue_max_bytes: number;
}

export interface WriterDeps extends CommitterDeps {
  /** After a commit: what became visible. */
  onCommit: (payloads: readonly Payload[]) => void;
}

/** The only writer of the store: an offered payload is accepted once its transaction is on disk. */
export interface Writer extends Sink {
  /** Runs `work` between two commits, for what must not meet an open transaction. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /** Commits what is queued, then refuses. */
  close(): Promise<void>;
  queuedBytes(): number;
}

interface Waiting {
  payload: Payload;
  settle: (outcome: Outcome) => void;
}

/** A transaction larger than this would hold its senders for too long. */
const MAX_BATCH_BYTES = 32 * 1024 * 1024;
const MAX_BATCH_ITEMS = 200_000;

export function createWriter(config: WriterConfig, deps: WriterDeps): Writer {
  let queue: Waiting[] = [];
  let queuedBytes = 0;
  const commitPayloads = createCommitter(deps);
  let closed = false;
  let tail: Promise<unknown> = Promise.resolve();
  let scheduled = false;

  const enqueue = <T>(work: () => Promise<T>): Promise<T> => {
    const next = tail.then(work);
    tail = next.catch(() => undefined);
    return next;
  };
  const schedule = () => {
    if (scheduled || queue.length === 0) return;
    scheduled = true;
    setTimeout(() => {
      scheduled = false;
      void enqueue(commitBatch).then(schedule);
    }, config.commit_interval_ms);
  };
  const takeBatch = (): Waiting[] => {
    let bytes = 0;
    let count = 0;
    let items = 0;
    while (count < queue.length && bytes < MAX_BATCH_BYTES && items < MAX_BATCH_ITEMS) {
      const { payload } = queue[count++]!;
      bytes += payload.bytes.length;
      items += payload.items;
    }
    const batch = queue.slice(0, count);
    queue = queue.slice(count);
    return batch;
  };
  const commitBatch = async () => {
    const batch = takeBatch();
    if (batch.length === 0) return;
    const outcome = await commitPayloads(batch.map((waiting) => waiting.payload));
    for (const { payload, settle } of batch) {
      queuedBytes -= payload.bytes.length;
      settle(outcome);
    }
    if (outcome.kind === 'accepted') deps.onCommit(batch.map((waiting) => waiting.payload));
  };
  return {
    offer(payload) {
      if (closed) return Promise.resolve(full('the store is stopping'));
      if (queuedBytes > 0 && queuedBytes + payload.bytes.length > config.queue_max_bytes) {
        return Promise.resolve(full('too much is waiting for the disk'));
      }
      queuedBytes += payload.bytes.length;
      return new Promise((settle) => {
        queue.push({ payload, settle });
        schedule();
      });
    },
    exclusively: enqueue,
    async close() {
      closed = true;
      while (queue.length > 0) await enqueue(commitBatch);
      await tail;
    },
    queuedBytes: () => queuedBytes,
  };
}

function full(reason: string): Outcome {
  return { kind: 'retry_after', seconds: RETRY_SECONDS, reason };
}
