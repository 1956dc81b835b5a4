import { decodeCursor, encodeCursor } from '../../cursor.ts';

/** Behind which trace a page begins. */
export interface TraceCursor {
  start: bigint;
  traceId: string;
  /** Traces of earlier pages that started in the same second or, at most, so many: Tempo finds them again. */
  shownInSecond: number;
}

const ID = /^[0-9a-f]{32}-\d{1,6}$/;
const SECOND = 1_000_000_000n;

interface Listed {
  start: bigint;
  traceId: string;
}

/** The cursor behind the last of `shown`, newest first, which came behind `before`. */
export function encodeTraceCursor(shown: readonly Listed[], before: TraceCursor | null): string {
  const last = shown.at(-1)!;
  const second = last.start / SECOND;
  const here = shown.filter(({ start }) => start / SECOND === second).length;
  const earlier = before !== null && before.start / SECOND === second ? before.shownInSecond : 0;
  return encodeCursor(String(last.start), `${last.traceId}-${here + earlier}`);
}

/** Throws BadRequestError for anything that encodeTraceCursor did not make. */
export function decodeTraceCursor(cursor: string | null): TraceCursor | null {
  const decoded = decodeCursor(cursor, ID);
  if (decoded === null) return null;
  const [traceId = '', shown = '0'] = decoded.id.split('-');
  return { start: decoded.time, traceId, shownInSecond: Number(shown) };
}

/** Whether a trace comes behind the cursor in a list with the newest first, equal starts by id. */
export function isBefore({ start, traceId }: Listed, cursor: TraceCursor): boolean {
  return start < cursor.start || (start === cursor.start && traceId < cursor.traceId);
}
