import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** One file of the record: `audit-2026-01.jsonl`, then `audit-2026-01.2.jsonl` when that is full. */
export interface AuditFile {
  name: string;
  month: string;
  part: number;
}

const NAME = /^audit-(?<month>\d{4}-\d{2})(?:\.(?<part>\d{1,6}))?\.jsonl$/;
const DAY_MS = 86_400_000;

export function auditFile(month: string, part: number): AuditFile {
  return { name: part === 1 ? `audit-${month}.jsonl` : `audit-${month}.${part}.jsonl`, month, part };
}

/** `2026-01`, UTC. */
export function monthOf(unixMs: number): string {
  return new Date(unixMs).toISOString().slice(0, 7);
}

/** Oldest first; none when there is no folder yet. */
export async function listAuditFiles(folder: string): Promise<AuditFile[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names
    .flatMap((name) => {
      const found = NAME.exec(name)?.groups;
      return found === undefined ? [] : [{ name, month: found.month!, part: Number(found.part ?? 1) }];
    })
    .sort((a, b) => (a.month === b.month ? a.part - b.part : a.month < b.month ? -1 : 1));
}

/** Removes months that are over for longer than `maxAgeDays`, then the oldest files until all fit. Keeps the newest. */
export async function pruneAuditFiles(
  folder: string,
  limits: { maxAgeDays: number; maxBytes: number; nowMs: number },
): Promise<void> {
  const files = await listAuditFiles(folder);
  const sizes = await Promise.all(files.map(({ name }) => stat(join(folder, name)).then(({ size }) => size)));
  let bytes = sizes.reduce((sum, size) => sum + size, 0);
  for (const [index, file] of files.slice(0, -1).entries()) {
    const isOld = endOfMonth(file.month) < limits.nowMs - limits.maxAgeDays * DAY_MS;
    if (!isOld && bytes <= limits.maxBytes) return;
    await rm(join(folder, file.name), { force: true });
    bytes -= sizes[index] ?? 0;
  }
}

function endOfMonth(month: string): number {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return Date.UTC(year, number, 1);
}
