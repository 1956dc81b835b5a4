import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Signal } from '#core/signal.ts';

/** Bytes of a segment: `from` is included, `to` is not. Read off journal/README.md, not with the journal's code. */
export interface Region {
  name: string;
  from: number;
  to: number;
}

const SEGMENT_HEADER_BYTES = 64;
const RECORD_HEADER_BYTES = 72;
const RECORD_MAGIC = 'SBR1';

/** The largest segment of a signal: that with the records. */
export async function findSegment(dataDir: string, signal: Signal): Promise<string> {
  const folder = join(dataDir, 'journal', signal);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.seg'));
  const sizes = await Promise.all(
    names.map(async (name) => ({
      path: join(folder, name),
      size: (await readFile(join(folder, name))).length,
    })),
  );
  const [largest] = sizes.sort((a, b) => b.size - a.size);
  if (largest === undefined) throw new Error(`no segment in ${folder}`);
  return largest.path;
}

/** The header of the segment, and header and payload of the first, the middle and the last record. */
export async function regionsOf(segment: string): Promise<Region[]> {
  const bytes = await readFile(segment);
  const starts: number[] = [];
  for (let at = bytes.indexOf(RECORD_MAGIC); at !== -1; at = bytes.indexOf(RECORD_MAGIC, at + 1))
    starts.push(at);
  const regions: Region[] = [{ name: 'segment header', from: 0, to: SEGMENT_HEADER_BYTES }];
  const chosen = { first: 0, middle: Math.floor(starts.length / 2), last: starts.length - 1 };
  for (const [name, index] of Object.entries(chosen)) {
    const from = starts[index]!;
    const payload = from + RECORD_HEADER_BYTES;
    regions.push({ name: `header of the ${name} record`, from, to: payload });
    regions.push({
      name: `payload of the ${name} record`,
      from: payload,
      to: starts[index + 1] ?? bytes.length,
    });
  }
  return regions;
}

/** Turns over one bit of the byte at `position`. */
export async function flipBit(path: string, position: number, bit: number): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const byte = Buffer.alloc(1);
    await file.read(byte, 0, 1, position);
    byte[0]! ^= 1 << bit;
    await file.write(byte, 0, 1, position);
  } finally {
    await file.close();
  }
}
