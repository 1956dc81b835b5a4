import { dirname } from 'node:path';
import { MARKERS } from '../support/load-payload.ts';
import type { Syscall } from './strace.ts';

export interface DurabilityCheck {
  calls: readonly Syscall[];
  /** Whether records are kept in this file. */
  isRecordFile(path: string): boolean;
  /** Where the program listens. */
  port: number;
  /** `markerOf` each request, by the local port of its sender and in the order of sending. */
  markers: ReadonlyMap<number, readonly string[]>;
}

export interface DurabilityReport {
  /** Answers `200` that were looked at. */
  responses: number;
  /** Syncs of files of records that succeeded. */
  syncs: number;
  /** Answers that left before their record was on disk, with what was missing. */
  violations: string[];
}

const WRITES = new Set(['write', 'writev', 'pwrite64', 'pwritev', 'pwritev2']);
const SENDS = new Set(['write', 'writev', 'sendto', 'sendmsg']);
const SYNCS = new Set(['fdatasync', 'fsync']);
const RENAMED = /.*"(?<path>[^"]*)"/;
const CREATED = /"(?<path>[^"]*)", [A-Z_|]*O_CREAT/;
const RESPONSE = /"HTTP\/1\.1 (?<status>\d{3}) /;
const ENDPOINTS = /^TCP:\[[\d.]+:(?<local>\d+)->[\d.]+:(?<remote>\d+)\]$/;

/**
 * Holds every `HTTP/1.1 200` against the calls before it: the request's marker was written to a file of records, a sync
 * of that file began after that write had ended and ended well before the answer was handed to the socket, and a file
 * that was made in this trace has had its folder synced by then. A failed sync is never made good by a later one.
 */
export function checkDurability(check: DurabilityCheck): DurabilityReport {
  const { calls, isRecordFile, markers } = check;
  const files = sortByFile(calls, isRecordFile);
  const folderSyncs = calls.filter(({ name, target }) => name === 'fsync' && !isRecordFile(target));
  const answered = new Map<number, number>();
  const report: DurabilityReport = { responses: 0, syncs: 0, violations: [] };
  for (const { syncs } of files) report.syncs += syncs.filter(({ result }) => result === 0).length;
  for (const { call, remote, status } of responsesOn(check)) {
    const index = answered.get(remote) ?? 0;
    answered.set(remote, index + 1);
    if (status !== 200) continue;
    report.responses++;
    const marker = markers.get(remote)?.[index];
    const missing =
      marker === undefined ? 'its request' : missingBefore(call, { marker, files, folderSyncs });
    if (missing !== null) report.violations.push(`line ${call.begun + 1} (${marker}): ${missing}`);
  }
  return report;
}

interface RecordFile {
  path: string;
  /** The first write that succeeded, by the markers in it. */
  writes: Map<string, Syscall>;
  syncs: Syscall[];
  /** The call that made it, when that is in the trace. */
  made: Syscall | null;
}

/** A path that was made anew is another file from then on. */
function sortByFile(calls: readonly Syscall[], isRecordFile: (path: string) => boolean): RecordFile[] {
  const files: RecordFile[] = [];
  const newest = new Map<string, RecordFile>();
  const addFile = (path: string, made: Syscall | null) => {
    const file: RecordFile = { path, writes: new Map(), syncs: [], made };
    files.push(file);
    newest.set(path, file);
    return file;
  };
  for (const call of calls) {
    const made = pathMadeBy(call);
    if (made !== null && isRecordFile(made)) addFile(made, call);
    if (!isRecordFile(call.target)) continue;
    const file = newest.get(call.target) ?? addFile(call.target, null);
    if (WRITES.has(call.name)) noteMarkers(file, call);
    else if (SYNCS.has(call.name)) file.syncs.push(call);
  }
  return files;
}

/** Of a call that made a file of this name, or gave the name to a file. */
function pathMadeBy({ name, args, result }: Syscall): string | null {
  if (!(result >= 0)) return null;
  if (name === 'openat') return CREATED.exec(args)?.groups?.path ?? null;
  return name.startsWith('rename') ? (RENAMED.exec(args)?.groups?.path ?? null) : null;
}

function noteMarkers({ writes }: RecordFile, call: Syscall): void {
  if (!(call.result > 0)) return;
  for (const [marker] of call.args.matchAll(MARKERS)) if (!writes.has(marker)) writes.set(marker, call);
}

function* responsesOn({ calls, port }: DurabilityCheck) {
  for (const call of calls) {
    if (!SENDS.has(call.name)) continue;
    const { local, remote } = ENDPOINTS.exec(call.target)?.groups ?? {};
    const { status } = RESPONSE.exec(call.args)?.groups ?? {};
    if (Number(local) !== port || status === undefined) continue;
    yield { call, remote: Number(remote), status: Number(status) };
  }
}

function missingBefore(
  response: Syscall,
  known: { marker: string; files: readonly RecordFile[]; folderSyncs: readonly Syscall[] },
): string | null {
  let missing = 'its record was not written';
  for (const file of known.files) {
    const write = file.writes.get(known.marker);
    if (write === undefined || write.ended > response.begun) continue;
    missing = `no sync of ${file.path} after line ${write.ended + 1}`;
    if (!isSynced(file, write, response)) continue;
    if (isNamed(file, { response, folderSyncs: known.folderSyncs })) return null;
    missing = `the folder of ${file.path} was not synced`;
  }
  return missing;
}

/** The first sync after the write decides: when it failed, the bytes may be gone and no later one brings them back. */
function isSynced({ syncs }: RecordFile, write: Syscall, response: Syscall): boolean {
  const failed = syncs.find(({ ended, result }) => result !== 0 && ended > write.ended);
  const last = Math.min(response.begun, failed?.begun ?? Number.POSITIVE_INFINITY);
  return syncs.some(({ begun, ended, result }) => result === 0 && begun > write.ended && ended < last);
}

function isNamed(
  { made, path }: RecordFile,
  { response, folderSyncs }: { response: Syscall; folderSyncs: readonly Syscall[] },
): boolean {
  if (made === null) return true;
  return folderSyncs.some(
    ({ begun, ended, result, target }) =>
      target === dirname(path) && result === 0 && begun > made.ended && ended < response.begun,
  );
}
