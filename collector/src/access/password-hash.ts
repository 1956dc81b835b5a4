import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';

interface Cost {
  memoryKib: number;
  passes: number;
  lanes: number;
}

/** Argon2id with 19 MiB, two passes, one lane (OWASP, Password Storage Cheat Sheet). */
const COST: Cost = { memoryKib: 19 * 1024, passes: 2, lanes: 1 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** A file that was tampered with must not make one login cost gigabytes. */
const MOST: Cost = { memoryKib: 256 * 1024, passes: 16, lanes: 4 };
const FORM =
  /^\$argon2id\$v=19\$m=(?<memory>\d+),t=(?<passes>\d+),p=(?<lanes>\d+)\$(?<salt>[\w+/]+)\$(?<hash>[\w+/]+)$/;

/** Hashes `password` with a salt of its own; the result carries its cost (PHC string format). */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, { salt, cost: COST, bytes: HASH_BYTES });
  return write(COST, { salt, hash });
}

/** What no password makes, and what takes as long to try as one that some password made. */
export function decoyHash(): string {
  return write(COST, { salt: randomBytes(SALT_BYTES), hash: randomBytes(HASH_BYTES) });
}

/** Whether `password` made `kept`. False for what hashPassword did not write. */
export async function verifyPassword(password: string, kept: string): Promise<boolean> {
  const parsed = parse(kept);
  if (parsed === null) return false;
  const { cost, hash, salt } = parsed;
  return timingSafeEqual(await derive(password, { salt, cost, bytes: hash.length }), hash);
}

/** Whether `kept` was made at another cost than today's. */
export function needsRehash(kept: string): boolean {
  const cost = parse(kept)?.cost;
  return (
    cost === undefined ||
    cost.memoryKib !== COST.memoryKib ||
    cost.passes !== COST.passes ||
    cost.lanes !== COST.lanes
  );
}

function write({ lanes, memoryKib, passes }: Cost, { hash, salt }: { hash: Buffer; salt: Buffer }): string {
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${lanes}$${base64(salt)}$${base64(hash)}`;
}

function parse(kept: string): { cost: Cost; salt: Buffer; hash: Buffer } | null {
  const found = FORM.exec(kept)?.groups;
  if (found === undefined) return null;
  const { hash = '', lanes, memory, passes, salt = '' } = found;
  const cost = { memoryKib: Number(memory), passes: Number(passes), lanes: Number(lanes) };
  const isSane =
    cost.memoryKib >= 8 * cost.lanes &&
    cost.memoryKib <= MOST.memoryKib &&
    cost.passes >= 1 &&
    cost.passes <= MOST.passes &&
    cost.lanes >= 1 &&
    cost.lanes <= MOST.lanes;
  const bytes = { salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') };
  return isSane && bytes.salt.length >= 8 && bytes.hash.length >= 16 ? { cost, ...bytes } : null;
}

/** One text is one password, however its accents are composed (NIST SP 800-63B, 5.1.1.2: NFKC). */
function derive(password: string, how: { salt: Buffer; cost: Cost; bytes: number }): Promise<Buffer> {
  const { bytes, cost, salt } = how;
  return new Promise((resolve, reject) => {
    const parameters = {
      message: Buffer.from(password.normalize('NFKC')),
      nonce: salt,
      parallelism: cost.lanes,
      tagLength: bytes,
      memory: cost.memoryKib,
      passes: cost.passes,
    };
    argon2('argon2id', parameters, (error, hash) => (error === null ? resolve(hash) : reject(error)));
  });
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
