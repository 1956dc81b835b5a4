import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Writes and reads small values that come back from browsers, and that nobody else can make. */
export interface Signer<T> {
  write(value: T): string;
  /** null for anything that `write` of this process did not make. */
  read(text: string): T | null;
}

const MAX_LENGTH = 4096;

export function createSigner<T>(): Signer<T> {
  const key = randomBytes(32);
  const sign = (body: string) => createHmac('sha256', key).update(body).digest();
  return {
    write(value) {
      const body = Buffer.from(JSON.stringify(value)).toString('base64url');
      return `${body}.${sign(body).toString('base64url')}`;
    },
    read(text) {
      if (text.length > MAX_LENGTH) return null;
      const [body = '', signature = ''] = text.split('.', 2);
      const [given, right] = [Buffer.from(signature, 'base64url'), sign(body)];
      if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
      return JSON.parse(Buffer.from(body, 'base64url').toString()) as T;
    },
  };
}
