import { BadRequestError } from './requests.ts';

/** Packs the sort key of the last row of a page into an opaque cursor. */
export function encodeCursor(time: string, id: string): string {
  return Buffer.from(`${time}:${id}`).toString('base64url');
}

/** The reverse; throws BadRequestError for anything that encodeCursor did not make. */
export function decodeCursor(cursor: string | null, idPattern: RegExp): { time: bigint; id: string } | null {
  if (cursor === null) return null;
  const [time, id] = Buffer.from(cursor, 'base64url').toString().split(':');
  if (time === undefined || id === undefined || !/^\d{1,20}$/.test(time) || !idPattern.test(id)) {
    throw new BadRequestError('cursor', 'is not a cursor of this list; leave it out for the first page');
  }
  return { time: BigInt(time), id };
}
