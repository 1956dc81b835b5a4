import { attemptKey } from './address.ts';

/** After how many failures waiting begins, how it grows, and how long a failure is remembered. */
const PAIR = { free: 5, firstMs: 1000, mostMs: 15 * 60_000 };
const ADDRESS = { free: 20, firstMs: 1000, mostMs: 15 * 60_000 };
const FORGET_MS = 60 * 60_000;
const MAX_KEYS = 10_000;
/** Failures a minute of all addresses together. Beyond it only addresses without a failure are let try. */
const GLOBAL = { most: 300, windowMs: 60_000 };

interface Count {
  failures: number;
  lastMs: number;
}

export type Attempt = { kind: 'go'; succeeded(): void } | { kind: 'wait'; seconds: number };

/**
 * Slows down who guesses passwords. Counted per address and account, and per address; an account as such is never
 * held, so its owner gets in from elsewhere whatever a stranger tries. In memory, bounded; the oldest is forgotten.
 */
export interface Attempts {
  /** Counts as failed until `succeeded` is called, so that attempts at the same time count too. */
  begin(address: string, account: string): Attempt;
}

export function createAttempts(nowMs: () => number): Attempts {
  const pairs = new Map<string, Count>();
  const addresses = new Map<string, Count>();
  const all = { sinceMs: nowMs(), failures: 0 };

  function waitMs(address: string, pair: string): number {
    if (Math.abs(nowMs() - all.sinceMs) >= GLOBAL.windowMs)
      Object.assign(all, { sinceMs: nowMs(), failures: 0 });
    const isKnown = addresses.has(address);
    const globalMs = all.failures >= GLOBAL.most && isKnown ? all.sinceMs + GLOBAL.windowMs - nowMs() : 0;
    return Math.max(
      waitOf(pairs.get(pair), PAIR, nowMs()),
      waitOf(addresses.get(address), ADDRESS, nowMs()),
      globalMs,
    );
  }

  return {
    begin(from, account) {
      const address = attemptKey(from);
      const pair = `${address} ${account.slice(0, 256)}`;
      const ms = waitMs(address, pair);
      if (ms > 0) return { kind: 'wait', seconds: Math.ceil(ms / 1000) };
      all.failures++;
      count(pairs, pair, nowMs());
      count(addresses, address, nowMs());
      return {
        kind: 'go',
        succeeded() {
          all.failures = Math.max(0, all.failures - 1);
          pairs.delete(pair);
          uncount(addresses, address);
        },
      };
    },
  };
}

function waitOf(count: Count | undefined, limit: typeof PAIR, now: number): number {
  if (count === undefined || count.failures < limit.free) return 0;
  const delay = Math.min(limit.mostMs, limit.firstMs * 2 ** (count.failures - limit.free));
  // A clock that is set back must not make anybody wait for longer.
  return Math.min(delay, Math.max(0, count.lastMs + delay - now));
}

function count(counts: Map<string, Count>, key: string, now: number): void {
  const known = counts.get(key);
  const failures = known === undefined || now - known.lastMs > FORGET_MS ? 1 : known.failures + 1;
  counts.delete(key);
  if (counts.size >= MAX_KEYS) counts.delete(counts.keys().next().value!);
  counts.set(key, { failures, lastMs: now });
}

function uncount(counts: Map<string, Count>, key: string): void {
  const known = counts.get(key);
  if (known === undefined) return;
  if (known.failures <= 1) counts.delete(key);
  else known.failures--;
}
