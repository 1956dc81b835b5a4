import { randomBytes } from 'node:crypto';

/** Trace ids of one test: random, and in the order of their number; `id(3)` is the same at each call. */
export function createIds(): (n: number) => string {
  const random = randomBytes(12).toString('hex');
  return (n) => `1${random.slice(1)}${n.toString(16).padStart(8, '0')}`;
}
