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
  /** After a failure: tries whether the disk takes a new segment again. */
  heal(): Promise<void>;
  /** Since when the active segment is written to, on the journal's clock; null when it holds nothing. */
  activeSinceMs(): number | null;
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
  /** A write succeeded after one or more had failed. */
  onRecovery(): void;
}

/** After a failure the disk is left alone for so long: senders are refused at once instead of each trying it. */
const PAUSE_MS = 1000;
const CHECK_NAME_MS = 1000;

interface Limits {
  syncAlways: boolean;
  segmentMaxBytes: number;
}

/** Where an appender is. */
interface State {
  active: ActiveSegment | null;
  /** Behind the newest record that was written, and that was synced. */
  head: Position;
  tail: Position;
  failure: string | null;
  pausedUntilMs: number;
  checkedMs: number;
}

export function createAppender(config: Limits, start: Position, deps: AppenderDeps): Appender {
  const state: State = {
    active: null,
    head: start,
    tail: start,
    failure: null,
    pausedUntilMs: Number.NEGATIVE_INFINITY,
    checkedMs: deps.nowMs(),
  };
  const poisonWith = (error: unknown) => poison(state, deps, error as Error);

  async function commit(payloads: readonly Payload[]): Promise<Outcome> {
    if (deps.nowMs() < state.pausedUntilMs) return refused(state.failure);
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        await write(state, deps, { payloads, syncAlways: config.syncAlways });
        recover(state, deps);
        const isFull = state.active!.segment.bytes >= config.segmentMaxBytes;
        if (isFull) await rotate(state, deps).catch(poisonWith);
        return ACCEPTED;
      } catch (error) {
        await poisonWith(error);
      }
    }
    state.pausedUntilMs = deps.nowMs() + PAUSE_MS;
    return refused(state.failure);
  }

  return {
    commit,
    rotate: () => rotate(state, deps).catch(poisonWith),
    sync: () => syncNow(state, deps),
    async heal() {
      if (state.failure === null || state.active !== null || deps.nowMs() < state.pausedUntilMs) return;
      await rotate(state, deps).then(() => recover(state, deps), poisonWith);
    },
    async close() {
      // The next segment's header seals this one: it says how many records and items there must be.
      await rotate(state, deps).catch(poisonWith);
      await state.active?.close();
      state.active = null;
    },
    tail: () => state.tail,
    failure: () => state.failure,
    activeSinceMs: () => (isEmpty(state.active) ? null : state.active!.segment.createdMs),
  };
}

function recover(state: State, deps: AppenderDeps): void {
  if (state.failure !== null) deps.onRecovery();
  state.failure = null;
}

function isEmpty(active: ActiveSegment | null): boolean {
  return active === null || active.segment.bytes === SEGMENT_HEADER_BYTES;
}

interface Group {
  payloads: readonly Payload[];
  syncAlways: boolean;
}

async function write(state: State, deps: AppenderDeps, { payloads, syncAlways }: Group): Promise<void> {
  await checkName(state, deps);
  state.active ??= await addSegment(deps, state.head);
  const { bytes, chunks, next } = encodeGroup(payloads, state.head, seedOf(deps.journalId));
  await state.active.append(chunks, bytes, syncAlways);
  state.active.segment.newestMs = deps.nowMs();
  state.head = next;
  if (syncAlways) state.tail = next;
}

/** An open file outlives its name: without this, what is acknowledged would be gone at the next start. */
async function checkName(state: State, deps: AppenderDeps): Promise<void> {
  if (state.active === null || deps.nowMs() - state.checkedMs < CHECK_NAME_MS) return;
  state.checkedMs = deps.nowMs();
  const { path } = state.active.segment;
  if (!(await deps.fs.exists(path)))
    throw new Error(`${path} was removed while in use; what it held is lost`);
}

/** A segment whose write or sync failed is not written to again: what the disk holds of it is not known. */
async function poison(state: State, deps: AppenderDeps, error: Error): Promise<void> {
  deps.onFailure({ what: 'write', error });
  state.failure = error.message;
  const failed = state.active;
  state.active = null;
  if (failed === null) return;
  await failed.cut();
  // In interval mode the records before the failed group were acknowledged and are not synced yet.
  if (state.tail.sequence !== state.head.sequence) {
    await failed.sync().catch((late: Error) => deps.onFailure({ what: 'sync', error: late }));
    state.tail = state.head;
  }
  await failed.close();
}

async function rotate(state: State, deps: AppenderDeps): Promise<void> {
  if (state.active !== null && isEmpty(state.active)) return;
  await syncNow(state, deps);
  await state.active?.close();
  state.active = null;
  state.active = await addSegment(deps, state.head);
}

async function syncNow(state: State, deps: AppenderDeps): Promise<void> {
  if (state.active === null || state.tail.sequence === state.head.sequence) return;
  const synced = state.head;
  try {
    await state.active.sync();
  } catch (error) {
    deps.onFailure({ what: 'sync', error: error as Error });
    state.failure = (error as Error).message;
    await state.active.close();
    state.active = null;
  }
  // After a failed sync the records are still there to be read, if only from memory of the system.
  state.tail = synced;
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
