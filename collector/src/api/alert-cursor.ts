import type { AlertPlace } from '#alerts/select-alerts.ts';
import { BadRequestError } from '#query/requests.ts';

const CURSOR = /^(?<state>firing|resolved):(?<starts>\d{1,19}):(?<fingerprint>[0-9A-Za-z]{1,64})$/;

/** The place of a page's last alert as an opaque text. */
export function encodeAlertCursor({ fingerprint, startsUnixNano, state }: AlertPlace): string {
  return Buffer.from(`${state}:${startsUnixNano}:${fingerprint}`).toString('base64url');
}

/** The reverse; throws BadRequestError for anything that encodeAlertCursor did not make. */
export function decodeAlertCursor(cursor: string): AlertPlace {
  const found = CURSOR.exec(Buffer.from(cursor, 'base64url').toString())?.groups;
  if (found === undefined) {
    throw new BadRequestError('cursor', 'is not a cursor of this list; leave it out for the first page');
  }
  const { fingerprint = '', starts = '0', state } = found;
  return { state: state as AlertPlace['state'], startsUnixNano: BigInt(starts), fingerprint };
}
