import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { listAuditFiles, monthOf } from './audit-files.ts';
import { type AuditRecord, fromLine } from './audit-record.ts';

export interface AuditRequest {
  /** Included. */
  fromUnixMs: number;
  /** Not included. */
  toUnixMs: number;
  /** Exactly; '' for everybody. */
  who: string;
  /** A part of it, without case; '' for all. */
  action: string;
  limit: number;
  /** Where the page before ended; null for the first. */
  after: AuditPlace | null;
}

/** A record's place: everything before it in its file, and in older files, comes after it. */
export interface AuditPlace {
  file: string;
  offset: number;
}

export interface AuditPage {
  records: AuditRecord[];
  /** null when there is nothing older. A page may have fewer records than asked for and yet a next one. */
  next: AuditPlace | null;
}

const CHUNK = 64 * 1024;
/** What one request looks through at most; the next page goes on from there. */
const MAX_SCANNED = 32 * 1024 * 1024;

/** Reads from the end of the newest file backwards. */
export async function readAudit(folder: string, request: AuditRequest): Promise<AuditPage> {
  const records: AuditRecord[] = [];
  let scanned = 0;
  const files = (await listAuditFiles(folder)).reverse();
  const first = request.after === null ? 0 : files.findIndex(({ name }) => name === request.after!.file);
  if (first === -1) return { records, next: null };
  for (const { month, name } of files.slice(first)) {
    if (month > monthOf(Math.min(request.toUnixMs, MAX_TIME))) continue;
    if (month < monthOf(Math.max(0, request.fromUnixMs))) break;
    const end = request.after?.file === name ? request.after.offset : null;
    for await (const { line, offset } of linesBackwards(join(folder, name), end)) {
      scanned += line.length + 1;
      const record = fromLine(line);
      if (record !== null && isMeant(record, request)) records.push(record);
      if (records.length === request.limit || scanned >= MAX_SCANNED) {
        return { records, next: { file: name, offset } };
      }
    }
  }
  return { records, next: null };
}

/** The end of the year 9999: what comes after is not written with four digits. */
const MAX_TIME = 253_402_300_799_999;

function isMeant(record: AuditRecord, { action, fromUnixMs, toUnixMs, who }: AuditRequest): boolean {
  return (
    record.unixMs >= fromUnixMs &&
    record.unixMs < toUnixMs &&
    (who === '' || record.who === who) &&
    record.action.toLowerCase().includes(action.toLowerCase())
  );
}

/** Lines that end before `end`, or the end of the file, last one first, with where they begin. */
async function* linesBackwards(
  path: string,
  end: number | null,
): AsyncGenerator<{ line: string; offset: number }> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (file === null) return;
  try {
    const { size } = await file.stat();
    let position = Math.min(end ?? size, size);
    let rest: Buffer = Buffer.alloc(0);
    while (position > 0) {
      const chunk = await readChunk(file, Math.max(0, position - CHUNK), position);
      position -= chunk.length;
      rest = Buffer.concat([chunk, rest]);
      const firstBreak = position === 0 ? -1 : rest.indexOf(0x0a);
      if (position > 0 && firstBreak === -1) continue;
      const from = firstBreak + 1;
      yield* split(rest, from, position);
      rest = rest.subarray(0, from);
    }
  } finally {
    await file.close();
  }
}

/** The lines of `bytes` from `from` on, last one first; `base` is where `bytes` begins in the file. */
function* split(bytes: Buffer, from: number, base: number): Generator<{ line: string; offset: number }> {
  let end = bytes.length;
  while (end > from) {
    const before = end >= 2 ? bytes.lastIndexOf(0x0a, end - 2) : -1;
    const start = Math.max(from, before + 1);
    const line = bytes.toString('utf8', start, end).replace(/\n$/, '');
    if (line !== '') yield { line, offset: base + start };
    end = start;
  }
}

async function readChunk(file: FileHandle, from: number, to: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(to - from), 0, to - from, from);
  return buffer.subarray(0, bytesRead);
}
