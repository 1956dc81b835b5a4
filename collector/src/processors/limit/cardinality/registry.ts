import type { Clock } from '#core/clock.ts';
import type { LimitConfig } from '../config.ts';
import { hashKey, mix } from './hash.ts';
import { createSeriesTable } from './series-table.ts';

/** Settings of the section `limit` that concern series. */
export type SeriesConfig = Pick<LimitConfig, 'max_series_per_metric' | 'max_series' | 'series_idle_minutes'>;

/** Which attribute sets may have a series of their own. A stream is one metric of one service. */
export interface SeriesRegistry {
  /** Sets known now, those that are idle but not yet forgotten included. */
  readonly size: number;
  /** Reads the clock; before the points of a request. */
  begin(): void;
  /** Whether the set with this hash has a place, or gets one, in the stream with that hash. */
  admits(streamA: number, streamB: number, set: { a: number; b: number }): boolean;
}

const NANOS_PER_MINUTE = 60_000_000_000n;

/**
 * Counts sets by stream. Idle sets are forgotten when a place is wanted and there is none, at most once a minute. A
 * stream without sets is forgotten with its last one, so there are never more streams than sets; one takes about 60
 * bytes beside its sets.
 */
export function createSeriesRegistry(config: SeriesConfig, clock: Clock): SeriesRegistry {
  const table = createSeriesTable();
  const ids = new Map<number, number>();
  const keys: number[] = [];
  const counts: number[] = [];
  const free: number[] = [];
  const startUnixNano = clock();
  let minute = 0;
  let forgottenAt = 0;

  function drop(id: number): void {
    counts[id]!--;
    if (counts[id] !== 0) return;
    ids.delete(keys[id]!);
    free.push(id);
  }

  /** Makes room; true when it may have. */
  function forget(): boolean {
    if (forgottenAt === minute) return false;
    forgottenAt = minute;
    const before = table.size;
    table.forget(minute - config.series_idle_minutes, drop);
    return table.size < before;
  }

  const isFull = (id: number | undefined) =>
    table.size >= config.max_series || (id !== undefined && counts[id]! >= config.max_series_per_metric);

  function idOf(key: number): number {
    const known = ids.get(key);
    if (known !== undefined) return known;
    const id = free.pop() ?? counts.length;
    keys[id] = key;
    counts[id] = 0;
    ids.set(key, id);
    return id;
  }

  return {
    get size() {
      return table.size;
    },
    begin() {
      const now = Number((clock() - startUnixNano) / NANOS_PER_MINUTE);
      // A clock that was set back must not keep idle sets alive for ever, nor make all idle.
      if (now > minute) minute = now;
    },
    admits(streamA, streamB, set) {
      const a = mix(set.a ^ streamA);
      const b = mix((set.b + streamB) | 0);
      if (table.touch(a, b, minute) >= 0) return true;
      const key = hashKey(streamA, streamB);
      if (isFull(ids.get(key)) && (!forget() || isFull(ids.get(key)))) return false;
      const id = idOf(key);
      counts[id]!++;
      table.add(id, minute);
      return true;
    },
  };
}
