import type { PrincipalKind, Role } from '../principal.ts';

/** `ok`: done. `denied`: not allowed, or not known. `failed`: allowed, but it could not be done. */
export const OUTCOMES = ['ok', 'denied', 'failed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** One act: who did what to what, from where, and what came of it. Never what was sent along. */
export interface AuditRecord {
  unixMs: number;
  who: string;
  kind: PrincipalKind | 'command';
  role: Role | null;
  /** A word as in `login`, or method and route as in `POST /api/v1/people`. */
  action: string;
  /** What it was done to, as in the name of a user; '' when the action says it all. */
  target: string;
  outcome: Outcome;
  /** Of the HTTP answer; 0 where there was none. */
  status: number;
  address: string;
  /** How many same ones this record stands for. */
  count: number;
}

const MAX_TEXT = 200;

/** One line of JSON, with its line break. Texts are cut, so that a line stays below a page of memory. */
export function toLine(record: AuditRecord): string {
  const { action, address, count, kind, outcome, role, status, target, unixMs, who } = record;
  const at = new Date(unixMs).toISOString();
  const texts = { who: cut(who), kind, role, action: cut(action), target: cut(target) };
  return `${JSON.stringify({ at, ...texts, outcome, status, address: cut(address), count })}\n`;
}

/** null for a line that is torn or none of ours. */
export function fromLine(line: string): AuditRecord | null {
  try {
    const { at, ...same } = JSON.parse(line) as Omit<AuditRecord, 'unixMs'> & { at: string };
    const unixMs = Date.parse(at);
    const texts = [same.who, same.action, same.target, same.address];
    if (Number.isNaN(unixMs) || !texts.every((text) => typeof text === 'string')) return null;
    return { unixMs, ...same };
  } catch {
    return null;
  }
}

function cut(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT - 1)}…`;
}
