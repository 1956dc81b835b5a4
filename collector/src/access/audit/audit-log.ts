import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { keepOwner, makeFolder } from '../secret-file.ts';
import { type AuditFile, auditFile, listAuditFiles, monthOf, pruneAuditFiles } from './audit-files.ts';
import { type AuditRecord, toLine } from './audit-record.ts';
import { createCollapse } from './collapse.ts';
import { type AuditPage, type AuditRequest, readAudit } from './read-audit.ts';

const DUE_INTERVAL_MS = 15_000;
const MAX_WAITING = 10_000;
/** So that the limit of size can be kept by removing whole files. */
const PARTS = 8;

export type AuditEntry = Omit<AuditRecord, 'unixMs' | 'count'>;

/** The record of who did what: `<dataDir>/audit`, append-only. */
export interface AuditLog {
  /** Resolves when it is on disk, or could not be brought there, which is told to `onFailedWrite`. Never rejects. */
  record(entry: AuditEntry): Promise<void>;
  /** Newest first. */
  read(request: AuditRequest): Promise<AuditPage>;
  /** Why the last write failed; null when it did not. */
  failure(): string | null;
  close(): Promise<void>;
}

export interface AuditDeps {
  nowMs(): number;
  onFailedWrite(error: unknown): void;
}

export interface AuditLimits {
  maxAgeDays: number;
  maxBytes: number;
}

export function createAuditLog(dataDir: string, limits: AuditLimits, deps: AuditDeps): AuditLog {
  const folder = join(dataDir, 'audit');
  const { nowMs } = deps;
  let failure: string | null = null;
  const onFailedWrite = (error: unknown) => {
    failure = (error as Error).message;
    deps.onFailedWrite(error);
  };
  const collapse = createCollapse();
  const append = createAppender(dataDir, { ...limits, nowMs });
  let waiting: string[] = [];
  let last: Promise<void> = Promise.resolve();

  /** What comes while one write is under way shares the next. */
  function write(records: readonly AuditRecord[]): Promise<void> {
    if (records.length === 0) return last;
    if (waiting.length > MAX_WAITING) {
      onFailedWrite(new Error('the disk is too slow for the audit record'));
      return last;
    }
    waiting.push(...records.map(toLine));
    if (waiting.length > records.length) return last;
    last = last.then(() => {
      const lines = waiting;
      waiting = [];
      return append(lines).then(() => {
        failure = null;
      }, onFailedWrite);
    });
    return last;
  }

  const timer = setInterval(() => void write(collapse.due(nowMs())), DUE_INTERVAL_MS).unref();
  return {
    record(entry) {
      const record = { ...entry, unixMs: nowMs(), count: 1 };
      return collapse.take(record) ? write([record]) : Promise.resolve();
    },
    failure: () => failure,
    read: (request) => readAudit(folder, request),
    async close() {
      clearInterval(timer);
      await write(collapse.due(Number.POSITIVE_INFINITY));
    },
  };
}

/** Appends lines to the newest file and syncs it; begins another with each month, and when one is full. */
function createAppender(dataDir: string, limits: AuditLimits & { nowMs(): number }) {
  const folder = join(dataDir, 'audit');
  let pruned: AuditFile | null = null;
  return async (lines: readonly string[]): Promise<void> => {
    makeFolder(folder);
    const month = monthOf(limits.nowMs());
    const newest = (await listAuditFiles(folder)).findLast((file) => file.month === month);
    let target = newest ?? auditFile(month, 1);
    let file = await open(join(folder, target.name), 'a', 0o600);
    try {
      if ((await file.stat()).size > limits.maxBytes / PARTS) {
        await file.close();
        target = auditFile(month, target.part + 1);
        file = await open(join(folder, target.name), 'a', 0o600);
      }
      keepOwner(file.fd, folder);
      await file.appendFile(lines.join(''));
      await file.datasync();
    } finally {
      await file.close();
    }
    if (pruned?.name === target.name) return;
    await pruneAuditFiles(folder, { ...limits, nowMs: limits.nowMs() });
    pruned = target;
  };
}
