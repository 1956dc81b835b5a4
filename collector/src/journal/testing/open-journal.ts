import type { Payload } from '#core/payload.ts';
import type { SourceEvent } from '#core/record.ts';
import type { Signal } from '#core/signal.ts';
import type { JournalConfig } from '../config.ts';
import type { JournalFileSystem } from '../file-system.ts';
import { type Journal, type JournalDeps, openJournal } from '../journal.ts';
import { createRecordSource } from '../record-source.ts';

export const JOURNAL_CONFIG: JournalConfig = {
  fsync: 'always',
  fsync_interval_ms: 1000,
  max_bytes: 1 << 30,
  max_age_hours: 24,
  when_full: 'expire_oldest',
  segment_max_bytes: 64 * 1024,
  max_pending_bytes: 1 << 24,
};

/** A payload that says which one it is; `bytes` long and of `items` items. */
export function payloadNumber(id: number, options: { bytes?: number; items?: number } = {}): Payload {
  const text = `payload ${id} `;
  const bytes = Buffer.from(text.padEnd(options.bytes ?? text.length, 'x'));
  return {
    signal: 'traces',
    tenant: id % 3 === 0 ? '' : `tenant-${id % 3}`,
    bytes,
    gzip: null,
    items: options.items ?? 1 + (id % 5),
    receivedUnixNano: 1_772_600_767_000_000_000n + BigInt(id),
    minTimeUnixMs: 0,
    maxTimeUnixMs: 0,
    longestItemBytes: bytes.length,
    source: 'otlp_http',
  };
}

export interface TestJournal {
  journal: Journal;
  source: ReturnType<typeof createRecordSource>;
  failures: string[];
  dropped: string[];
  tornBytes(): number;
  /** Number of each payload that can be read from the oldest on, and the holes between them. */
  readAll(): Promise<{ ids: number[]; gaps: Extract<SourceEvent, { kind: 'gap' }>[]; items: number }>;
}

interface Options {
  config?: Partial<JournalConfig>;
  folder?: string;
  signal?: Signal;
  nowMs?: () => number;
  clocks?: JournalDeps['clocks'];
}

export async function openTestJournal(fs: JournalFileSystem, options: Options = {}): Promise<TestJournal> {
  const failures: string[] = [];
  const dropped: string[] = [];
  let torn = 0;
  const nowMs = options.nowMs ?? (() => 1_772_600_767_000);
  const signal = options.signal ?? 'traces';
  const journal = await openJournal(
    { ...JOURNAL_CONFIG, ...options.config },
    {
      folder: options.folder ?? 'journal',
      signal,
      destinations: ['model'],
      fs,
      clocks: options.clocks ?? { wallMs: nowMs, monotonicMs: () => nowMs() },
      events: {
        failed: ({ error, what }) => failures.push(`${what}: ${error.message}`),
        recovered: () => failures.push('recovered'),
        dropped: ({ reason }) => dropped.push(reason),
        torn: ({ bytes }) => {
          torn += bytes;
        },
      },
    },
  );
  const { onChange, view } = journal;
  const source = createRecordSource({ signal, fs, view, onChange });
  return {
    journal,
    source,
    failures,
    dropped,
    tornBytes: () => torn,
    async readAll() {
      const scanner = source.scan(source.oldest());
      const ids: number[] = [];
      const gaps: Extract<SourceEvent, { kind: 'gap' }>[] = [];
      let items = source.oldest().itemsBefore;
      for (let events = await scanner.read(100); events.length > 0; events = await scanner.read(100)) {
        for (const event of events) {
          if (event.kind === 'gap') {
            gaps.push(event);
            items += event.items;
            continue;
          }
          items += event.ref.items;
          const payload = await source.load(event.ref);
          if (typeof payload === 'string') {
            const { items: lost, sequence } = event.ref;
            gaps.push({ kind: 'gap', reason: payload, items: lost, next: sequence + 1, itemsBefore: items });
          } else ids.push(Number(/^payload (\d+) /.exec(Buffer.from(payload).toString())?.[1] ?? Number.NaN));
        }
      }
      await scanner.close();
      return { ids, gaps, items };
    },
  };
}
