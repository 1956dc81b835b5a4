import { setTimeout as sleep } from 'node:timers/promises';
import type { Position, RecordRef, RecordSource } from '#core/record.ts';
import type { Signal } from '#core/signal.ts';
import type { JournalFile, JournalFileSystem } from './file-system.ts';
import { isIntact, RECORD_HEADER_BYTES } from './record.ts';
import { createScanner, NEWS_MS } from './scanner.ts';
import type { JournalView } from './segments.ts';

export interface RecordSourceDeps {
  signal: Signal;
  fs: JournalFileSystem;
  /** The journal as it is now; in another thread as last told. */
  view(): JournalView;
  onChange(listener: () => void): () => void;
}

const MAX_OPEN_FILES = 8;

/** One signal's journal as destinations read it, in the thread of the journal or another. */
export function createRecordSource(deps: RecordSourceDeps): RecordSource & { close(): Promise<void> } {
  const { fs, signal, view } = deps;
  const files = new Map<number, Promise<JournalFile>>();

  async function fileOf(segment: number, path: string): Promise<JournalFile> {
    const known = files.get(segment);
    if (known !== undefined) return known;
    const opening = fs.open(path, 'read');
    files.set(segment, opening);
    opening.catch(() => files.delete(segment));
    for (const [other, file] of files) {
      if (files.size <= MAX_OPEN_FILES) break;
      files.delete(other);
      void file.then((open) => open.close()).catch(() => undefined);
    }
    return opening;
  }

  const oldest = (): Position => view().segments[0]!.start;

  return {
    signal,
    get journalId() {
      return view().journalId;
    },
    oldest,
    tail: () => view().tail,
    scan: (from) => createScanner(from, { signal, fs, view }),
    async load(ref) {
      const segment = view().segments.find(({ start }) => start.sequence === ref.segment);
      if (segment === undefined) return 'expired';
      const body = await readBody(fileOf(ref.segment, segment.path), ref);
      if (body !== null) return body;
      await sleep(NEWS_MS);
      return ref.sequence < oldest().sequence ? 'expired' : 'damaged';
    },
    onAppend: deps.onChange,
    async close() {
      for (const file of files.values()) await file.then((open) => open.close()).catch(() => undefined);
      files.clear();
    },
  };
}

/** null when the bytes are not what was written, or are gone. */
async function readBody(opening: Promise<JournalFile>, ref: RecordRef): Promise<Uint8Array | null> {
  const tenantBytes = Buffer.byteLength(ref.tenant);
  const whole = Buffer.allocUnsafeSlow(RECORD_HEADER_BYTES + tenantBytes + ref.storedBytes);
  try {
    const filled = await (await opening).read(whole, ref.offset);
    if (filled < whole.length) return null;
  } catch {
    return null;
  }
  const body = whole.subarray(RECORD_HEADER_BYTES);
  return isIntact({ checksum: whole.readUInt32LE(12) }, body) ? body.subarray(tenantBytes) : null;
}
