import type { Alert, BoundNotice } from './alert.ts';
import { toLine } from './alert-line.ts';
import { applyNotice, type Episodes, type Verdict } from './episodes.ts';

export interface ShelfLimits {
  maxAlerts: number;
  /** Of one fingerprint: an alert that comes and goes must not push out all others. */
  maxEpisodes: number;
  /** Of the lines of the book's file. */
  maxBytes: number;
  /** What was not told of for longer is removed. */
  maxAgeNano: bigint;
}

/** Alerts in memory, each with its line for the file. */
export interface AlertShelf {
  /** Puts back what was read from the file. */
  put(alert: Alert): void;
  apply(notice: BoundNotice, nowNano: bigint): Verdict;
  /** Removes what is too old, and what is too much: resolved ones first, of each kind those heard of longest ago. */
  tidy(nowNano: bigint): { age: number; room: number };
  alerts(): Alert[];
  lines(): string[];
}

interface Entry {
  alert: Alert;
  line: string;
  bytes: number;
}

export function createAlertShelf(limits: ShelfLimits): AlertShelf {
  const byFingerprint = new Map<string, Episodes>();
  const entries = new Map<Alert, Entry>();
  let bytes = 0;

  function add(alert: Alert): void {
    const line = toLine(alert);
    const entry = { alert, line, bytes: Buffer.byteLength(line) };
    entries.set(alert, entry);
    bytes += entry.bytes;
  }

  function drop(alert: Alert): void {
    bytes -= entries.get(alert)!.bytes;
    entries.delete(alert);
  }

  function replace(fingerprint: string, after: Episodes): void {
    const before = byFingerprint.get(fingerprint) ?? [];
    const kept = new Set(after);
    for (const alert of before) if (!kept.has(alert)) drop(alert);
    for (const alert of after) if (!entries.has(alert)) add(alert);
    if (after.length === 0) byFingerprint.delete(fingerprint);
    else byFingerprint.set(fingerprint, after);
  }

  function remove(alert: Alert): void {
    const episodes = byFingerprint.get(alert.fingerprint)!;
    replace(
      alert.fingerprint,
      episodes.filter((one) => one !== alert),
    );
  }

  function removeAged(nowNano: bigint): void {
    const oldest = nowNano - limits.maxAgeNano;
    for (const alert of [...entries.keys()]) {
      if (alert.lastNotifiedUnixNano < oldest) remove(alert);
    }
  }

  function makeRoom(): void {
    for (const [fingerprint, episodes] of byFingerprint) {
      if (episodes.length > limits.maxEpisodes) replace(fingerprint, episodes.slice(-limits.maxEpisodes));
    }
    const isTooMuch = () => entries.size > limits.maxAlerts || bytes > limits.maxBytes;
    if (!isTooMuch()) return;
    for (const alert of [...entries.keys()].sort(leastWanted)) {
      remove(alert);
      if (!isTooMuch()) return;
    }
  }

  return {
    put(alert) {
      const episodes = [...(byFingerprint.get(alert.fingerprint) ?? []), alert];
      replace(
        alert.fingerprint,
        episodes.sort((a, b) => compare(a.startsUnixNano, b.startsUnixNano)),
      );
    },
    apply(notice, nowNano) {
      const before = byFingerprint.get(notice.fingerprint) ?? [];
      const after = applyNotice(before, notice, nowNano);
      if (after === before) return 'late';
      replace(notice.fingerprint, after);
      return 'taken';
    },
    tidy(nowNano) {
      const before = entries.size;
      removeAged(nowNano);
      const young = entries.size;
      makeRoom();
      return { age: before - young, room: young - entries.size };
    },
    alerts: () => [...entries.keys()],
    lines: () => Array.from(entries.values(), ({ line }) => line),
  };
}

function leastWanted(a: Alert, b: Alert): number {
  if (a.state !== b.state) return a.state === 'resolved' ? -1 : 1;
  return compare(a.lastNotifiedUnixNano, b.lastNotifiedUnixNano);
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
