import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * One file of the store: all that arrived on one UTC day, or a part of it when the day grew large.
 * `2026-11-23.1.duckdb` is attached as catalog `p_20261123_1`.
 */
export interface PartitionFile {
  day: string;
  part: number;
  name: string;
  path: string;
  catalog: string;
}

const NAME = /^(\d{4}-\d{2}-\d{2})\.(\d+)\.duckdb$/;

/** The file for `day` (`YYYY-MM-DD`) and `part` (from 1) in `folder`. */
export function partitionFile(folder: string, day: string, part: number): PartitionFile {
  const name = `${day}.${part}.duckdb`;
  return { day, part, name, path: join(folder, name), catalog: `p_${day.replaceAll('-', '')}_${part}` };
}

/** All partition files in `folder`, oldest first. */
export function listPartitionFiles(folder: string): PartitionFile[] {
  return readdirSync(folder)
    .map((name) => NAME.exec(name))
    .filter((match) => match !== null)
    .map((match) => partitionFile(folder, match[1]!, Number(match[2])))
    .sort(byAge);
}

export function byAge(a: PartitionFile, b: PartitionFile): number {
  return a.day === b.day ? a.part - b.part : a.day < b.day ? -1 : 1;
}

/** Bytes on disk of the file and its write-ahead log. */
export function partitionBytes(file: PartitionFile): number {
  return sizeOf(file.path) + sizeOf(`${file.path}.wal`);
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** The UTC day of `unixNano`, as `YYYY-MM-DD`. */
export function utcDay(unixNano: bigint): string {
  return new Date(Number(unixNano / 1_000_000n)).toISOString().slice(0, 10);
}
