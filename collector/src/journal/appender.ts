import { ACCEPTED, type Outcome } from '#core/outcome.ts';
import type { Payload } from '#core/payload.ts';
import type { Position } from '#core/record.ts';
import type { Signal } from '#core/signal.ts';
import { type ActiveSegment, createSegment } from './active-segment.ts';
import type { JournalFileSystem } from './file-system.ts';
import { encodeRecord, seedOf } from './record.ts';
import { SEGMENT_HEADER_BYTES } from './segment-header.ts';
import type { Segment } from './segments.ts';

/** Writes groups of records at the end of a journal. Its methods must not overlap. */
export interface Appender {
  /** `accepted` once the group is synced; in `interval` mode once it is written. */
  commit(payloads: readonly Payload[]): Promise<Outcome>;
  /** Closes the active segment and begins the next; nothing when it holds no record. */
  rotate(): Promise<void>;
  /** Syncs what is written; only `interval` mode needs it. */
  sync(): Promise<void>;
  close(): Promise<void>;
  /** Behind the newest durable record. */
  tail(): Position;
  /** Why the last write failed; null once one succeeded. */
  failure(): string | null;
}

export interface AppenderDeps {
  folder: string;
  signal: Signal;
  journalId: string;
  fs: JournalFileSystem;
  nowMs(): number;
  /** The journal's segments; the appender adds those it makes. */
  segments: Segment[];
  onFailure(failure: { what: 'write' | 'sync'; error: Error }): void;
}

/** After a failure the disk is left alone for so long: senders are refused at once instead of each trying it. */
const PAUSE_MS = 1000;

export function createAppender(
  config: { syncAlways: boolean; segmentMaxBytes: number },
  start: Position,
  deps: AppenderDeps,
): Appender {
  const seed = seedOf(deps.journalId);
  let active: ActiveSegment | null = null;
  let head = start;
  let tail = start;
  let failure: string | null = null;
  let pausedUntilMs = Number.NEGATIVE_INFINITY;

  const openNext = () => addSegment(deps, head);

  async function write(payloads: readonly Payload[]): Promise<void> {
    active ??= await openNext();
    const { bytes, chunks, next } = encodeGroup(payloads, head, seed);
    await active.append(chunks, bytes, config.syncAlways);
    active.segment.newestMs = deps.nowMs();
    head = next;
    if (config.syncAlways) tail = head;
  }

  /** A segment whose write or sync failed is not written to again: what the disk holds of it is not known. */
  async function poison(error: Error): Promise<void> {
    deps.onFailure({ what: 'write', error });
    failure = error.message;
    const failed = active;
    active = null;
    await failed?.close(failed.segment.bytes);
  }

  async function rotate(): Promise<void> {
    if (active !== null && active.segment.bytes === SEGMENT_HEADER_BYTES) return;
    await syncNow();
    await active?.close();
    active = null;
    active = await openNext();
  }

  async function syncNow(): Promise<void> {
    if (active === null || tail.sequence === head.sequence) return;
    const synced = head;
    try {
      await active.sync();
    } catch (error) {
      deps.onFailure({ what: 'sync', error: error as Error });
      failure = (error as Error).message;
      await active.close();
      active = null;
    }
    // After a failed sync the records are still there to be read, if only from memory of the system.
    tail = synced;
  }

  return {
    async commit(payloads) {
      if (deps.nowMs() < pausedUntilMs) return refused(failure);
      for (let attempt = 0; attempt < 2; attempt++) {
        try {
          await write(payloads);
          failure = null;
          if (active !== null && active.segment.bytes >= config.segmentMaxBytes) await rotate().catch(poison);
          return ACCEPTED;
        } catch (error) {
          await poison(error as Error);
        }
      }
      pausedUntilMs = deps.nowMs() + PAUSE_MS;
      return refused(failure);
    },
    rotate: () => rotate().catch(poison),
    sync: syncNow,
    async close() {
      // The next segment's header seals this one: it says how many records and items there must be.
      await rotate().catch(poison);
      await active?.close();
      active = null;
    },
    tail: () => tail,
    failure: () => failure,
  };
}

async function addSegment(deps: AppenderDeps, start: Position): Promise<ActiveSegment> {
  const { folder, fs, journalId, segments, signal } = deps;
  const opened = await createSegment(fs, { folder, signal, journalId, start, nowMs: deps.nowMs() });
  // One that begins here too got no record and has just been replaced.
  if (segments.at(-1)?.start.sequence === start.sequence) segments.pop();
  segments.push(opened.segment);
  return opened;
}

function encodeGroup(payloads: readonly Payload[], head: Position, seed: number) {
  let next = head;
  let bytes = 0;
  const chunks: Uint8Array[] = [];
  for (const payload of payloads) {
    const encoded = encodeRecord(payload, next, seed);
    for (const chunk of encoded) bytes += chunk.length;
    chunks.push(...encoded);
    next = { sequence: next.sequence + 1, itemsBefore: next.itemsBefore + payload.items };
  }
  return { bytes, chunks, next };
}

function refused(failure: string | null): Outcome {
  return { kind: 'retry_after', seconds: 5, reason: `the journal cannot be written: ${failure}` };
}
