import { createHmac } from 'node:crypto';

const PREFIX = 'hmac:';
const HEX_DIGITS = 32;
const MAX_REMEMBERED = 10_000;

/** `hmac:` and 32 hexadecimal digits: the form that stands in the place of an id. */
export const HASHED = /^hmac:[0-9a-f]{32}$/;

/**
 * A keyed hash (HMAC-SHA-256, its first 128 bits) of ids, so that the same id is always the same text and nobody
 * without the key can guess which. What is a hash already stays. The last 10,000 are remembered.
 */
export function createKeyedHash(key: string): (value: string) => string {
  const remembered = new Map<string, string>();
  return (value) => {
    if (HASHED.test(value)) return value;
    const known = remembered.get(value);
    if (known !== undefined) return known;
    const hash = PREFIX + createHmac('sha256', key).update(value).digest('hex').slice(0, HEX_DIGITS);
    if (remembered.size >= MAX_REMEMBERED) remembered.delete(remembered.keys().next().value!);
    remembered.set(value, hash);
    return hash;
  };
}
