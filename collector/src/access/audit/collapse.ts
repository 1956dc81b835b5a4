import type { AuditRecord } from './audit-record.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const MAX_AN_HOUR = 500;
/** Of the same act in one minute. */
const MAX_OK = 20;

/** Keeps who is turned away again and again from filling the disk, and older records from being lost by it. */
export interface Collapse {
  /** Whether to write this one now; if not, it is counted. */
  take(record: AuditRecord): boolean;
  /** What was counted in minutes that are over by now, one record for all that are the same. */
  due(nowMs: number): AuditRecord[];
}

interface Window {
  endMs: number;
  held: AuditRecord | null;
  /** How many more are written at once. */
  left: number;
}

/**
 * Of the same act that did not succeed, the first is written, and the others of the minute together after it; of one that
 * did, the first twenty, so that who may do little cannot push out older records by doing that again and again. After 500
 * failures in an hour the rest counts as one a minute, without who, what and from where. Strangers have an hour's count
 * of their own, so that what users are denied is not lost among it.
 */
export function createCollapse(): Collapse {
  const windows = new Map<string, Window>();
  const budgets = { strangers: createBudget(), known: createBudget() };
  return {
    take(record) {
      const key = keyOf(record);
      const endMs = record.unixMs + MINUTE_MS;
      const known = windows.get(key);
      if (known !== undefined) return known.left-- > 0 || hold(known, record);
      if (record.outcome === 'ok') {
        windows.set(key, { endMs, held: null, left: MAX_OK - 1 });
        return true;
      }
      const budget = record.kind === 'anonymous' ? budgets.strangers : budgets.known;
      if (budget.spend(record.unixMs)) {
        windows.set(key, { endMs, held: null, left: 0 });
        return true;
      }
      const lump = { ...record, who: '', action: 'several', target: '', address: '', status: 0 };
      const shared = windows.get(keyOf(lump)) ?? { endMs, held: null, left: 0 };
      windows.set(keyOf(lump), shared);
      return hold(shared, lump);
    },
    due(nowMs) {
      const over = [...windows].filter(([, { endMs }]) => endMs <= nowMs);
      for (const [key] of over) windows.delete(key);
      return over.flatMap(([, { held }]) => (held === null ? [] : [held]));
    },
  };
}

function hold(window: Window, record: AuditRecord): false {
  window.held = { ...record, count: (window.held?.count ?? 0) + record.count };
  return false;
}

function createBudget() {
  let sinceMs = 0;
  let spent = 0;
  return {
    spend(nowMs: number): boolean {
      if (nowMs - sinceMs >= HOUR_MS) [sinceMs, spent] = [nowMs, 0];
      spent++;
      return spent <= MAX_AN_HOUR;
    },
  };
}

function keyOf({ action, address, kind, outcome, status, target, who }: AuditRecord): string {
  return JSON.stringify([kind, who, action, target, outcome, status, address]);
}
