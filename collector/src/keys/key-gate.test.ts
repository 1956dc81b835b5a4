import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Credentials, Gate, Sender } from '#core/gate.ts';
import { createMemoryLogger } from '#self/memory-logger.fixture.ts';
import { type KeyBook, openKeyBook } from './key-book.ts';
import { keyFilePath } from './key-file.ts';
import { createKeyGate } from './key-gate.ts';
import { makeKeyText } from './key-text.ts';
import {
  asApiKey,
  asBearer,
  createDataDir,
  keysConfig,
  NO_CREDENTIALS,
  newKey,
  refusalOf,
  senderOf,
} from './keys.fixture.ts';
import { openLiveKeys } from './live-keys.ts';
import { createMeters } from './meters.ts';
import { createUsageLedger, type UsageLedger } from './usage-ledger.ts';

/** Ten seconds before midnight UTC. */
const NOW = Date.UTC(2027, 0, 31, 23, 59, 50);
const DAY_MS = 86_400_000;

interface Bench {
  gate: Gate;
  usage: UsageLedger;
  clock: { wallMs: number; monotonicMs: number };
}

/** A gate on the keys that `fill` makes. */
async function openGate(
  t: { after(end: () => void): void },
  options: { config?: Record<string, unknown>; fill?: (book: KeyBook) => Promise<void> } = {},
): Promise<Bench> {
  const dataDir = createDataDir(t);
  const clock = { wallMs: NOW, monotonicMs: 0 };
  await options.fill?.(openKeyBook(dataDir, { nowMs: () => NOW }));
  const wallMs = () => clock.wallMs;
  const usage = createUsageLedger(new Map(), wallMs);
  const keys = openLiveKeys(keyFilePath(dataDir), { logger: createMemoryLogger() });
  t.after(() => keys.stop());
  const meters = createMeters(() => clock.monotonicMs);
  return { gate: createKeyGate(keysConfig(options.config), { keys, usage, meters, wallMs }), usage, clock };
}

/** A request that brings so much, from its start to its end. */
function send(gate: Gate, credentials: Credentials, items: number): Sender {
  const sender = senderOf(gate.admit(credentials, 0));
  gate.charge(sender, { items, bytes: 0, isAccepted: true });
  return sender;
}

test('a good key says whose data it is, in either header', async (t) => {
  let key = '';
  const { gate } = await openGate(t, {
    config: { required: true },
    fill: async (book) => {
      key = (await book.create(newKey('shop', { tenant: 'team-a' }))).key;
    },
  });
  const expected = { tenant: 'team-a', keyId: key.slice(4, 12) };
  assert.deepEqual(senderOf(gate.admit(asApiKey(key), 0)), expected);
  assert.deepEqual(senderOf(gate.admit(asBearer(key), 0)), expected);
});

test('without a key senders are the default tenant, or refused where a key is required', async (t) => {
  const { gate } = await openGate(t);
  assert.deepEqual(senderOf(gate.admit(NO_CREDENTIALS, 0)), { tenant: '', keyId: '' });
  const strict = await openGate(t, { config: { required: true } });
  assert.match(
    refusalOf(strict.gate.admit(NO_CREDENTIALS, 0)),
    /^unauthenticated: An API key is needed.*npm run keys -- create NAME$/,
  );
});

test('a key that is shown and not good is refused, also where none is required, and nothing of it is told', async (t) => {
  const shown = new Map<string, string>();
  const { clock, gate, usage } = await openGate(t, {
    fill: async (book) => {
      const expired = await book.create(newKey('expired', { expiresUnixMs: NOW + 1000 }));
      const revoked = await book.create(newKey('revoked'));
      await book.revoke(revoked.record.id);
      const replaced = await book.create(newKey('replaced'));
      await book.rotate(replaced.record.id, { graceMs: 1000 });
      shown.set('expired', expired.key).set('revoked', revoked.key).set('replaced', replaced.key);
      shown.set('wrong', makeKeyText(expired.record.id)).set('unknown', makeKeyText('nokeyyet'));
      shown.set('other', 'Basic abcdefghijk');
    },
  });
  clock.wallMs += 1000;
  const told = new Map([...shown].map(([what, key]) => [what, refusalOf(gate.admit(asApiKey(key), 0))]));
  assert.match(
    told.get('expired')!,
    /^unauthenticated: The API key \w{8} expired at 2027-01-31T23:59:51.000Z/,
  );
  assert.match(
    told.get('revoked')!,
    /^unauthenticated: The API key \w{8} was revoked at 2027-01-31T23:59:50/,
  );
  assert.match(
    told.get('replaced')!,
    /^unauthenticated: The API key \w{8} was rotated, .* 2027-01-31T23:59:51/,
  );
  assert.match(told.get('unknown')!, /^unauthenticated: This API key is not known here/);
  assert.equal(told.get('wrong'), told.get('unknown'));
  for (const [what, key] of shown) {
    assert.ok(!told.get(what)!.includes(key.slice(13)), what);
    assert.match(told.get(what)!, /npm run keys -- (create|rotate) /, what);
  }
  const counted = usage.counts().map(({ count, key, outcome }) => `${key && 'known'} ${outcome} ${count}`);
  assert.deepEqual(counted.sort(), [
    ' no_key 1',
    ' unknown 2',
    'known expired 1',
    'known revoked 1',
    'known revoked 1',
  ]);
});

test('who is over the limit of items is told when to come back, and is let in then', async (t) => {
  let key = '';
  const { clock, gate, usage } = await openGate(t, {
    fill: async (book) => {
      const limits = { itemsPerSecond: 100, burstSeconds: 2 };
      key = (await book.create(newKey('shop', { limits }))).key;
    },
  });
  send(gate, asApiKey(key), 199);
  const { keyId } = send(gate, asApiKey(key), 151);
  const refused = refusalOf(gate.admit(asApiKey(key), 0));
  assert.equal(refused, 'too_much: More than the limit of 100 items a second. (2 s)');
  clock.monotonicMs += 1501;
  assert.equal(send(gate, asApiKey(key), 1).keyId, keyId);
  assert.deepEqual(
    usage.counts().map(({ count, outcome }) => [outcome, count]),
    [
      ['accepted', 3],
      ['items', 1],
    ],
  );
});

test('bytes are held to their limit from when they are declared; those that did not come are given back', async (t) => {
  const { gate } = await openGate(t, { config: { anonymous: { bytes_per_second: 1000, burst_seconds: 1 } } });
  const big = senderOf(gate.admit(NO_CREDENTIALS, 50_000));
  assert.match(refusalOf(gate.admit(NO_CREDENTIALS, 0)), /limit of 1000 bytes a second. \(49 s\)/);
  gate.charge(big, { items: 0, bytes: 10, isAccepted: false });
  gate.charge(big, { items: 0, bytes: 100_000, isAccepted: false });
  assert.ok(senderOf(gate.admit(NO_CREDENTIALS, 0)), 'and only the first charge of a request counts');
});

test('the wait that is told has an end', async (t) => {
  const { gate } = await openGate(t, { config: { anonymous: { items_per_second: 1 } } });
  send(gate, NO_CREDENTIALS, 1_000_000);
  assert.match(refusalOf(gate.admit(NO_CREDENTIALS, 0)), /\(3600 s\)$/);
});

test("one sender's debt is not another's", async (t) => {
  const keys: string[] = [];
  const { gate } = await openGate(t, {
    config: { limits: { items_per_second: 1, burst_seconds: 1 } },
    fill: async (book) => {
      for (const name of ['noisy', 'quiet']) keys.push((await book.create(newKey(name))).key);
    },
  });
  send(gate, asApiKey(keys[0]!), 1000);
  assert.match(refusalOf(gate.admit(asApiKey(keys[0]!), 0)), /^too_much/);
  send(gate, asApiKey(keys[1]!), 1);
  send(gate, NO_CREDENTIALS, 1);
});

test('the limit of a day counts what was accepted, and ends at midnight UTC', async (t) => {
  let key = '';
  const { clock, gate } = await openGate(t, {
    fill: async (book) => {
      key = (await book.create(newKey('shop', { limits: { itemsPerDay: 100 } }))).key;
    },
  });
  const refusedLater = senderOf(gate.admit(asApiKey(key), 0));
  gate.charge(refusedLater, { items: 500, bytes: 0, isAccepted: false });
  send(gate, asApiKey(key), 99);
  send(gate, asApiKey(key), 99);
  assert.match(refusalOf(gate.admit(asApiKey(key), 0)), /limit of 100 items a day .* midnight UTC. \(10 s\)/);
  clock.wallMs += 10_000;
  send(gate, asApiKey(key), 100);
  assert.match(refusalOf(gate.admit(asApiKey(key), 0)), /\(3600 s\)$/);
  clock.wallMs += DAY_MS;
  send(gate, asApiKey(key), 1);
});

test('a limit of its own goes before the one that is configured, also when it is none', async (t) => {
  const keys: string[] = [];
  const { gate } = await openGate(t, {
    config: { limits: { items_per_second: 1, burst_seconds: 1 } },
    fill: async (book) => {
      for (const itemsPerSecond of [null, 0, 1000]) {
        keys.push((await book.create(newKey(`at ${itemsPerSecond}`, { limits: { itemsPerSecond } }))).key);
      }
    },
  });
  for (const key of keys) send(gate, asApiKey(key), 500);
  assert.deepEqual(
    keys.map((key) => gate.admit(asApiKey(key), 0).kind),
    ['too_much', 'admitted', 'admitted'],
  );
});
