import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SIGNALS, type Signal } from '#core/signal.ts';
import { checkRequest } from './check.ts';
import { jsonToProtobuf } from './json-to-protobuf.ts';
import { message } from './testing/arbitrary.ts';
import { collect } from './testing/collect.ts';
import { expected } from './testing/expected.ts';
import { jsonForm } from './testing/json-form.ts';
import { decodeAs, encodeAs, type Plain, REQUEST_NAMES } from './testing/reference.ts';

const SEED = 20260721;
const MUTATIONS = 8000;

/** A small generator of its own, so that a failing mutation can be run again (mulberry32's step). */
function createRandom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const INTERESTING = [0x00, 0x01, 0x0a, 0x12, 0x7f, 0x80, 0xff, 0x22, 0x5c, 0x7b, 0x5b, 0x2d, 0x65, 0x75];

function mutate(source: Uint8Array, random: (below: number) => number): Uint8Array {
  const bytes = [...source];
  for (let times = 1 + random(3); times > 0; times--) {
    const at = random(bytes.length + 1);
    const kind = random(5);
    if (kind === 0) bytes.length = at;
    else if (kind === 1) bytes.splice(at, 0, INTERESTING[random(INTERESTING.length)]!);
    else if (kind === 2) bytes.splice(at, 1 + random(4));
    else if (kind === 3) bytes.splice(at, 0, ...bytes.slice(at, at + random(24)));
    else if (at < bytes.length) bytes[at] = random(3) === 0 ? random(256) : bytes[at]! ^ (1 << random(8));
  }
  return Uint8Array.from(bytes);
}

/**
 * Whether there may be a varint of 6 to 9 bytes. They are legal, and the reference's protobufjs (7.x, `uint32`)
 * misreads them where the field has 32 bits: it steps over 10 bytes.
 */
function mayHoldLongVarint(bytes: Uint8Array): boolean {
  let run = 0;
  return bytes.some((byte) => {
    const isEnd = byte < 0x80 && run >= 5;
    run = byte < 0x80 ? 0 : run + 1;
    return isEnd;
  });
}

function assertReadAlike(signal: Signal, bytes: Uint8Array): void {
  const found = collect(signal, bytes);
  try {
    assert.deepEqual(found, expected(signal, decodeAs(REQUEST_NAMES[signal], bytes)));
  } catch (error) {
    if (!mayHoldLongVarint(bytes)) throw error;
  }
}

/** Whatever is accepted must read the same for us and for others, and be found good when it is looked at again. */
function assertSound(signal: Signal, bytes: Uint8Array): boolean {
  const before = Buffer.from(bytes).toString('hex');
  const checked = checkRequest(signal, bytes);
  if (!checked.ok) {
    assert.notEqual(checked.message, '');
    return false;
  }
  assert.equal(checked.reason === '', checked.rejected === 0, before);
  assert.ok(Buffer.byteLength(checked.reason) <= 1024);
  assertReadAlike(signal, checked.bytes);
  const again = checkRequest(signal, checked.bytes);
  assert.ok(again.ok && again.rejected === 0 && again.items === checked.items, before);
  assert.equal(again.bytes, checked.bytes, before);
  return true;
}

const samplesOf = (signal: Signal) => fc.sample(message(REQUEST_NAMES[signal]), { numRuns: 60, seed: SEED });

for (const signal of SIGNALS) {
  test(`${MUTATIONS} broken protobuf bodies of ${signal} are refused or sound, and none throws`, () => {
    const random = createRandom(SEED);
    const samples = samplesOf(signal).map((plain: Plain) => encodeAs(REQUEST_NAMES[signal], plain));
    let accepted = 0;
    for (let i = 0; i < MUTATIONS; i++) {
      if (assertSound(signal, mutate(samples[i % samples.length]!.subarray(0, 4096), random))) accepted++;
    }
    assert.ok(accepted > 0 && accepted < MUTATIONS, `${accepted} accepted`);
  });

  test(`${MUTATIONS} broken JSON bodies of ${signal} are refused or become sound protobuf, and none throws`, () => {
    const random = createRandom(SEED);
    const name = REQUEST_NAMES[signal];
    const samples = samplesOf(signal).map((plain) => Buffer.from(JSON.stringify(jsonForm(name, plain))));
    let accepted = 0;
    for (let i = 0; i < MUTATIONS; i++) {
      const transcoded = jsonToProtobuf(
        signal,
        mutate(samples[i % samples.length]!.subarray(0, 4096), random),
      );
      if (!transcoded.ok) assert.match(transcoded.message, /at byte \d+$/);
      else if (assertSound(signal, transcoded.bytes)) accepted++;
      else assert.fail('what the transcoder writes must be well formed');
    }
    assert.ok(accepted > 0 && accepted < MUTATIONS, `${accepted} accepted`);
  });
}

test('random bytes are refused or sound in both forms', () => {
  const random = createRandom(SEED);
  for (let i = 0; i < 6000; i++) {
    const bytes = Uint8Array.from({ length: random(40) }, () => random(256));
    for (const signal of SIGNALS) {
      assertSound(signal, bytes);
      jsonToProtobuf(signal, bytes);
    }
  }
});
