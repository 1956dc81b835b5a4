import { hash, randomBytes } from 'node:crypto';

/** 32 characters, none of which is easily taken for another. */
const ID_ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';
const ID_LENGTH = 8;
const FORM = /^sbk_(?<id>[a-z\d]{8})_[\w-]{43}$/;

/** Public: it is in logs, metrics and lists. */
export function makeKeyId(): string {
  return Array.from(randomBytes(ID_LENGTH), (byte) => ID_ALPHABET[byte % ID_ALPHABET.length]).join('');
}

/** `sbk_<id>_<secret>`, the secret being 32 random bytes in base64url (RFC 4648, section 5). */
export function makeKeyText(id: string): string {
  return `sbk_${id}_${randomBytes(32).toString('base64url')}`;
}

/** The id in a key; null when the text has not the form of one. */
export function keyIdIn(text: string): string | null {
  return FORM.exec(text)?.groups?.id ?? null;
}

/**
 * The SHA-256 of the whole key, 32 bytes. Nothing slower is needed: a slow hash makes up for what people choose as
 * passwords, and 256 random bits cannot be tried one by one, however fast that is.
 */
export function digestOfKey(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
