// What it costs to ask the gate, and whether how long that takes tells anything about a key.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openKeyBook } from '#keys/key-book.ts';
import { keyFilePath } from '#keys/key-file.ts';
import { createKeyGate } from '#keys/key-gate.ts';
import { NO_OWN_LIMITS } from '#keys/key-record.ts';
import { makeKeyText } from '#keys/key-text.ts';
import { openLiveKeys } from '#keys/live-keys.ts';
import { createMeters } from '#keys/meters.ts';
import { createUsageLedger } from '#keys/usage-ledger.ts';
import { verifyKey } from '#keys/verify-key.ts';
import { describeMachine, spread } from './machine.ts';

const ROUNDS = 41;
const CALLS = 20_000;
const LIMITS = { items_per_second: 1e9, bytes_per_second: 1e9, burst_seconds: 10, items_per_day: 1e12 };

const dataDir = mkdtempSync(join(tmpdir(), 'keys-bench-'));
const about = { name: 'bench', tenant: 'team-a', expiresUnixMs: null, limits: NO_OWN_LIMITS, createdBy: '' };
const { key, record } = await openKeyBook(dataDir).create(about);
const logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => logger };
const keys = openLiveKeys(keyFilePath(dataDir), { logger });
const usage = createUsageLedger(new Map(), Date.now);
const meters = createMeters(() => performance.now());
const config = { required: true, limits: LIMITS, anonymous: LIMITS };
const gate = createKeyGate(config, { keys, usage, meters, wallMs: Date.now });

function nanosPerCall(work: () => unknown): number {
  const begin = process.hrtime.bigint();
  for (let i = 0; i < CALLS; i++) work();
  return Number(process.hrtime.bigint() - begin) / CALLS;
}

/** The key with another character at `at`. */
function wrongAt(at: number): string {
  return `${key.slice(0, at)}${key[at] === 'A' ? 'B' : 'A'}${key.slice(at + 1)}`;
}

function request(text: string): void {
  const admission = gate.admit({ authorization: undefined, apiKey: text }, 1000);
  if (admission.kind === 'admitted') {
    gate.charge(admission.sender, { items: 10, bytes: 1000, isAccepted: true });
  }
}

const known = keys.find(record.id);
const now = Date.now();
const verified: Record<string, [text: string, known: typeof known]> = {
  good: [key, known],
  'first character of the secret wrong': [wrongAt(13), known],
  'middle character wrong': [wrongAt(34), known],
  'last character wrong': [wrongAt(key.length - 1), known],
  'no such id': [wrongAt(34), undefined],
};
const unknown = makeKeyText('nokeyyet');
const cases: Record<string, () => unknown> = {
  'a whole request (admit and charge), good key': () => request(key),
  'a whole request, unknown key': () => request(unknown),
};
for (const [name, [text, live]] of Object.entries(verified)) {
  cases[`verify, ${name}`] = () => verifyKey(text, live, now);
}

const figures = Object.keys(cases).map((name) => ({ name, nanos: [] as number[] }));
// In turns, so that what the machine does meanwhile meets all alike.
for (let round = 0; round < ROUNDS; round++) {
  for (const { name, nanos } of figures) nanos.push(nanosPerCall(cases[name]!));
}
console.log(
  `${describeMachine()}\nnanoseconds a call, median of ${ROUNDS} rounds of ${CALLS} (lowest to highest)`,
);
for (const { name, nanos } of figures) console.log(`${spread(nanos).padEnd(28)} ${name}`);
keys.stop();
rmSync(dataDir, { recursive: true });
