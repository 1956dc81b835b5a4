import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { JournalAccount } from '#core/accounting.ts';
import { OperatorError } from '#core/errors.ts';
import { createExclusive } from '#core/exclusive.ts';
import type { Outcome } from '#core/outcome.ts';
import type { Payload } from '#core/payload.ts';
import type { Signal } from '#core/signal.ts';
import { type Appender, createAppender } from './appender.ts';
import type { JournalConfig } from './config.ts';
import { createDropper } from './drop-due.ts';
import type { JournalFileSystem } from './file-system.ts';
import { createGroupCommit } from './group-commit.ts';
import { createPublishedView } from './published-view.ts';
import { MAX_TENANT_BYTES } from './record.ts';
import { type Recovered, recover } from './recovery.ts';
import { type DropReason, totalBytes } from './retention.ts';
import type { JournalView, Segment } from './segments.ts';
import { createSteadyClock } from './steady-clock.ts';

/** One signal's journal: payloads go in at the end; destinations read it through a RecordSource over `view()`. */
export interface Journal {
  readonly signal: Signal;
  /** `accepted` once the payload is on disk (see `journal.fsync`), `retry_after` when it cannot be written. */
  append(payload: Payload): Promise<Outcome>;
  view(): JournalView;
  /** Calls `listener` when the tail or the segments changed; returns how to stop that. */
  onChange(listener: () => void): () => void;
  /** `destination` wants everything from `sequence` on. Until it has said so it holds everything back. */
  setNeeded(destination: string, sequence: number): void;
  /** Applies the caps now; it happens by itself every ten seconds. */
  enforceCaps(): Promise<void>;
  account(): JournalAccount;
  pendingBytes(): number;
  /** Writes what waits, refuses what comes after. What is queued for destinations stays on disk. */
  close(): Promise<void>;
}

export interface JournalEvents {
  failed(failure: { signal: Signal; what: 'write' | 'sync' | 'remove'; error: Error }): void;
  /** It can be written again after it failed. */
  recovered(signal: Signal): void;
  /** A segment went before every destination had it. */
  dropped(drop: { signal: Signal; reason: DropReason; path: string }): void;
  /** The last end of the process cut off a write that was not acknowledged. */
  torn(torn: { signal: Signal; bytes: number }): void;
  /** A group of requests was written and synced, or failed to be, in so long. */
  committed?(commit: { signal: Signal; seconds: number }): void;
}

export interface JournalDeps {
  /** The folder of all journals; this one is in a folder of its signal's name. */
  folder: string;
  signal: Signal;
  /** Who reads it; whoever is not named holds nothing back. */
  destinations: readonly string[];
  fs: JournalFileSystem;
  clocks: { wallMs(): number; monotonicMs(): number };
  events: JournalEvents;
}

const CAPS_INTERVAL_MS = 10_000;
const HOUR_MS = 3_600_000;
const SEGMENTS_PER_CAP = 8;

const FULL = {
  kind: 'retry_after',
  seconds: 5,
  reason: 'the journal is full; see journal.max_bytes',
} as const satisfies Outcome;
const TENANT_TOO_LONG: Outcome = {
  kind: 'rejected',
  reason: `the name of the tenant is longer than ${MAX_TENANT_BYTES} bytes`,
};

/** Opens or makes the journal. Throws OperatorError when a newer Signalbox wrote it, or it cannot be written. */
export async function openJournal(config: JournalConfig, deps: JournalDeps): Promise<Journal> {
  const folder = join(deps.folder, deps.signal);
  await deps.fs.makeFolder(folder);
  const recovered = await recover(folder, deps.signal, deps.fs);
  if (recovered.tornBytes > 0) deps.events.torn({ signal: deps.signal, bytes: recovered.tornBytes });
  const journalId = recovered.journalId ?? randomUUID().replaceAll('-', '');
  const nowMs = createSteadyClock(deps.clocks, recovered.segments.at(-1)?.newestMs ?? null);
  const appender = openAppender(config, { ...deps, folder }, { recovered, journalId, nowMs });
  // The new segment's header seals what the last run wrote: it says how many records and items there must be.
  await appender.rotate();
  if (recovered.segments.length === 0) throw cannotWrite(folder, appender.failure());
  return createJournal(config, deps, { journalId, appender, nowMs, segments: recovered.segments });
}

function openAppender(
  config: JournalConfig,
  { events, folder, fs, signal }: JournalDeps,
  state: { recovered: Recovered; journalId: string; nowMs(): number },
): Appender {
  const limits = {
    syncAlways: config.fsync === 'always',
    segmentMaxBytes: Math.min(config.segment_max_bytes, Math.floor(config.max_bytes / SEGMENTS_PER_CAP)),
  };
  const { journalId, nowMs, recovered } = state;
  return createAppender(limits, recovered.tail, {
    folder,
    signal,
    journalId,
    fs,
    nowMs,
    segments: recovered.segments,
    onFailure: (failure) => events.failed({ signal, ...failure }),
    onRecovery: () => events.recovered(signal),
  });
}

interface OpenParts {
  journalId: string;
  appender: Appender;
  segments: Segment[];
  nowMs(): number;
}

function createJournal(config: JournalConfig, deps: JournalDeps, parts: OpenParts): Journal {
  const { events, fs, signal } = deps;
  const { appender, journalId, nowMs, segments } = parts;
  const exclusively = createExclusive();
  const view = createPublishedView(journalId, { segments, tail: appender.tail });
  const needed = new Map(deps.destinations.map((name) => [name, 0]));
  const caps = {
    maxBytes: config.max_bytes,
    maxAgeMs: config.max_age_hours * HOUR_MS,
    expireOldest: config.when_full === 'expire_oldest',
  };
  const dropper = createDropper(caps, {
    segments,
    appender,
    neededFrom: () => Math.min(...needed.values(), appender.tail().sequence),
    nowMs,
    remove: fs.remove,
    changed: view.changed,
    onDropped: (drop) => events.dropped({ signal, ...drop }),
    onFailure: (error) => events.failed({ signal, what: 'remove', error }),
  });
  const enforceCaps = () =>
    exclusively(async () => {
      await appender.heal();
      // After a kill the journal's clock goes on from the newest segment: it should not be old.
      if (nowMs() - (appender.activeSinceMs() ?? nowMs()) > HOUR_MS) await appender.rotate();
      await dropper.drop();
    }).then(view.changed);
  const group = createGroupCommit(config.max_pending_bytes, (payloads) =>
    exclusively(async () => {
      const startedMs = deps.clocks.monotonicMs();
      const outcome = await appender.commit(payloads);
      deps.events.committed?.({
        signal: deps.signal,
        seconds: (deps.clocks.monotonicMs() - startedMs) / 1000,
      });
      if (segments.length > 1) await dropper.drop();
      view.changed();
      return outcome;
    }),
  );
  const stopTimers = startTimers(config, {
    enforceCaps,
    sync: () => exclusively(appender.sync).then(view.changed),
  });

  return {
    signal,
    append(payload) {
      if (isFull(config, segments)) return Promise.resolve(FULL);
      if (Buffer.byteLength(payload.tenant) > MAX_TENANT_BYTES) return Promise.resolve(TENANT_TOO_LONG);
      return group.offer(payload);
    },
    view: view.current,
    onChange: view.onChange,
    setNeeded(destination, sequence) {
      needed.set(destination, sequence);
      if (dropper.isDue()) void enforceCaps();
    },
    enforceCaps,
    account: () => accountOf(config, deps, parts),
    pendingBytes: group.pendingBytes,
    async close() {
      stopTimers();
      await group.close();
      await exclusively(appender.close);
    },
  };
}

function startTimers(
  config: JournalConfig,
  work: { enforceCaps(): Promise<void>; sync(): Promise<void> },
): () => void {
  const timers = [setInterval(() => void work.enforceCaps(), CAPS_INTERVAL_MS)];
  if (config.fsync === 'interval') {
    timers.push(setInterval(() => void work.sync(), config.fsync_interval_ms));
  }
  for (const timer of timers) timer.unref();
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}

function accountOf(
  config: JournalConfig,
  { clocks, signal }: JournalDeps,
  { appender, nowMs, segments }: OpenParts,
): JournalAccount {
  const oldest = segments[0]!;
  const tail = appender.tail();
  // The journal's clock is not that of the wall.
  const oldestUnixMs = clocks.wallMs() - (nowMs() - oldest.createdMs);
  return {
    signal,
    accepted: tail.itemsBefore,
    bytes: totalBytes(segments),
    maxBytes: config.max_bytes,
    maxAgeSeconds: config.max_age_hours * 3600,
    segments: segments.length,
    oldestUnixMs: tail.sequence > oldest.start.sequence ? oldestUnixMs : null,
    failure: appender.failure() ?? (isFull(config, segments) ? FULL.reason : null),
  };
}

function isFull(config: JournalConfig, segments: readonly Segment[]): boolean {
  return config.when_full === 'refuse' && totalBytes(segments) >= config.max_bytes;
}

function cannotWrite(folder: string, reason: string | null): OperatorError {
  return new OperatorError(
    `Cannot write to the journal in ${folder} (${reason}). Free some space or give its owner write access, ` +
      'or choose another folder with data_dir or SIGNALBOX_DATA_DIR.',
  );
}
