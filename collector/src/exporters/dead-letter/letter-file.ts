import { createHash } from 'node:crypto';
import type { RecordInfo } from '#core/record.ts';
import type { Signal } from '#core/signal.ts';
import type { DeadLetter } from '../frame/dead-letters.ts';

/** Endings of the files of a letter: what it is, its request, and the request when it is to be sent again. */
export const ENDINGS = { about: '.json', request: '.pb', marked: '.pb.replay' } as const;

/** In every folder of letters; its time says when somebody last looked for marked ones. */
export const WATCH_FILE = '.watched';

const NAME = /^([0-9a-f]{8})-(\d{1,16})-\d{1,16}-\d{1,16}$/;

function journalMark(journalId: string): string {
  return createHash('sha256').update(journalId).digest('hex').slice(0, 8);
}

/** `1f3870be-000000000042-37-38`: a journal, a record in it, and the items of that from and up to. */
export function nameOf({ journalId, info, firstItem }: DeadLetter): string {
  const sequence = String(info.sequence).padStart(12, '0');
  return `${journalMark(journalId)}-${sequence}-${firstItem}-${firstItem + info.items}`;
}

/** The name that a file belongs to, or null when it is no file of a letter. */
export function nameOfFile(file: string, ending: string): string | null {
  const name = file.slice(0, -ending.length);
  return file.endsWith(ending) && NAME.test(name) ? name : null;
}

/** Whether a name is of a letter of this journal and of a record from `sequence` on. */
export function isFrom(name: string, from: { journalId: string; sequence: number }): boolean {
  const [, mark, sequence] = NAME.exec(name) ?? [];
  return mark === journalMark(from.journalId) && Number(sequence) >= from.sequence;
}

/** What people and `readAbout` read beside the request. */
export function aboutLetter(letter: DeadLetter, more: { destination: string; at: string }): string {
  const { info, reason, journalId, firstItem } = letter;
  const { tenant, items, sequence, signal, receivedUnixNano, itemsBefore, uncompressedBytes: bytes } = info;
  const { source, minTimeUnixMs, maxTimeUnixMs, longestItemBytes } = info;
  const about = {
    reason,
    destination: more.destination,
    signal,
    tenant,
    items,
    sequence,
    receivedUnixNano: String(receivedUnixNano),
    at: more.at,
    bytes,
    firstItem,
    itemsBefore,
    journalId,
    source,
    minTimeUnixMs,
    maxTimeUnixMs,
    longestItemBytes,
  };
  return `${JSON.stringify(about, null, 2)}\n`;
}

type About = Omit<RecordInfo, 'receivedUnixNano'> & {
  receivedUnixNano: string;
  reason: string;
  journalId: string;
  firstItem: number;
  bytes: number;
};

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** What `aboutLetter` wrote. Throws when it is something else. */
export function readAbout(text: string, signal: Signal): DeadLetter {
  const about = JSON.parse(text) as About;
  const { tenant, items, sequence, itemsBefore, bytes, source, firstItem, journalId, reason } = about;
  const { minTimeUnixMs, maxTimeUnixMs, longestItemBytes } = about;
  const counts = [items, sequence, itemsBefore, bytes, firstItem];
  if (!counts.every(isCount) || [tenant, journalId, reason].some((each) => typeof each !== 'string'))
    throw new Error('not the description of a dead letter');
  const info: RecordInfo = {
    signal,
    sequence,
    itemsBefore,
    items,
    tenant,
    encoding: 'identity',
    source,
    storedBytes: bytes,
    uncompressedBytes: bytes,
    receivedUnixNano: BigInt(about.receivedUnixNano),
    minTimeUnixMs,
    maxTimeUnixMs,
    longestItemBytes,
  };
  return { journalId, info, firstItem, reason };
}
