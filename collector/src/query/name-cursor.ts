import { BadRequestError } from './requests.ts';

/** The cursor of a list by name: the last name of the page. */
export function encodeName(name: string): string {
  return Buffer.from(name).toString('base64url');
}

/** The reverse; throws BadRequestError for what is no name. */
export function decodeName(cursor: string): string {
  const name = Buffer.from(cursor, 'base64url').toString();
  if (name === '')
    throw new BadRequestError('cursor', 'is not a cursor of this list; leave it out for the first page');
  return name;
}
