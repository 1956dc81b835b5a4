import { setTimeout as sleep } from 'node:timers/promises';
import type { Position, RecordRef, RecordSource } from '#core/record.ts';
import type { Signal } from '#core/signal.ts';
import { isMissing, type JournalFile, type JournalFileSystem } from './file-system.ts';
import { createOpenFiles } from './open-files.ts';
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

/**
 * One signal's journal as destinations read it, in the thread of the journal or another. What the disk fails to give
 * for now throws, from `load` and from scanners; only bytes that are gone or wrong are told as lost.
 */
export function createRecordSource(deps: RecordSourceDeps): RecordSource & { close(): void } {
  const { fs, signal, view } = deps;
  const files = createOpenFiles((path) => fs.open(path, 'read'));
  const oldest = (): Position => view().segments[0]!.start;
  let retiredUpTo = 0;
  const stopWatching = deps.onChange(() => {
    const { sequence } = oldest();
    if (sequence === retiredUpTo) return;
    retiredUpTo = sequence;
    const kept = new Set(view().segments.map(({ path }) => path));
    files.retire((path) => kept.has(path));
  });

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
      const body = await files.use(segment.path, (file) => readBody(file, ref)).catch(nullIfMissing);
      if (body !== null) return body;
      await sleep(NEWS_MS);
      return ref.sequence < oldest().sequence ? 'expired' : 'damaged';
    },
    onAppend: deps.onChange,
    close() {
      stopWatching();
      files.close();
    },
  };
}

function nullIfMissing(error: Error): null {
  if (isMissing(error)) return null;
  throw error;
}

/** null when the bytes are not what was written. */
async function readBody(file: JournalFile, ref: RecordRef): Promise<Uint8Array | null> {
  const tenantBytes = Buffer.byteLength(ref.tenant);
  const whole = Buffer.allocUnsafeSlow(RECORD_HEADER_BYTES + tenantBytes + ref.storedBytes);
  const filled = await file.read(whole, ref.offset);
  if (filled < whole.length) return null;
  const body = whole.subarray(RECORD_HEADER_BYTES);
  return isIntact({ checksum: whole.readUInt32LE(12) }, body) ? body.subarray(tenantBytes) : null;
}
