import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Position } from '#core/record.ts';
import { openTestJournal, payloadNumber, type TestJournal } from './testing/open-journal.ts';
import { createSimulatedDisk, type SimulatedDisk } from './testing/simulated-disk.ts';

/** What must hold, kept as simply as can be: what was acknowledged, and how far a destination has said it is. */
interface Model {
  disk: SimulatedDisk;
  open: TestJournal;
  nextId: number;
  acknowledged: Set<number>;
  /** Appends whose answer is awaited. */
  pending: Promise<void>[];
  /** What the destination delivered, and its durable cursor. */
  delivered: Set<number>;
  cursor: Position;
}

const config = { segment_max_bytes: 64 * 1024, max_bytes: 1 << 20 };

async function reopen(model: Model): Promise<void> {
  model.pending = [];
  model.open = await openTestJournal(model.disk.connect(), { config });
  const { source } = model.open;
  assert.ok(source.tail().sequence >= model.cursor.sequence, 'the tail never falls behind a cursor');
  model.open.journal.setNeeded('model', model.cursor.sequence);
}

function append(model: Model, bytes: number): void {
  const id = model.nextId++;
  const appended = model.open.journal.append(payloadNumber(id, { bytes })).then((outcome) => {
    if (outcome.kind === 'accepted') model.acknowledged.add(id);
  });
  model.pending.push(appended.catch(() => undefined));
}

/** Delivers up to `count` records from the cursor on, and moves it; holes must not hold anything acknowledged. */
async function deliver(model: Model, count: number): Promise<void> {
  const { journal, source } = model.open;
  const scanner = source.scan(model.cursor);
  for (const event of await scanner.read(count)) {
    if (event.kind === 'gap') continue;
    const payload = await source.load(event.ref);
    if (typeof payload === 'string') continue;
    assert.equal(event.ref.tenant, payloadNumber(idOf(payload)).tenant);
    model.delivered.add(idOf(payload));
  }
  model.cursor = scanner.position();
  journal.setNeeded('model', model.cursor.sequence);
  await scanner.close();
}

const idOf = (payload: Uint8Array) => Number(/^payload (\d+) /.exec(Buffer.from(payload).toString())![1]);

const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      bytes: fc.integer({ min: 20, max: 30_000 }),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ kind: 'wait' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('deliver' as const), count: fc.integer({ min: 1, max: 20 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('fail' as const),
      what: fc.constantFrom('write' as const, 'sync' as const, 'create' as const),
      times: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const), seed: fc.integer() }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'kill' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

async function apply(model: Model, step: Action): Promise<void> {
  if (step.kind === 'append') append(model, step.bytes);
  else if (step.kind === 'wait') for (let turns = 0; turns < 3; turns++) await new Promise(setImmediate);
  else if (step.kind === 'deliver') await deliver(model, step.count);
  else if (step.kind === 'fail') model.disk.fail(step.what, step.times);
  else {
    if (step.kind === 'restart') await model.open.journal.close();
    else if (step.kind === 'crash') model.disk.crash(randomOf(step.seed));
    else model.disk.endProcess();
    for (const what of ['write', 'sync', 'create'] as const) model.disk.fail(what, 0);
    // What the ended process still believes goes nowhere.
    await Promise.race([Promise.all(model.pending), new Promise((resolve) => setTimeout(resolve, 5))]);
    await reopen(model);
  }
}

function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

test('whatever crashes and fails, what was acknowledged is delivered from the cursor on, and positions keep their meaning', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 60 }), async (actions) => {
      const disk = createSimulatedDisk();
      const open = await openTestJournal(disk.connect(), { config });
      const start = open.source.oldest();
      const model: Model = {
        disk,
        open,
        nextId: 1,
        acknowledged: new Set(),
        pending: [],
        delivered: new Set(),
        cursor: start,
      };
      for (const step of actions) await apply(model, step);
      for (const what of ['write', 'sync', 'create'] as const) disk.fail(what, 0);
      await Promise.all(model.pending);
      await deliver(model, 100_000);
      const lost = [...model.acknowledged].filter((id) => !model.delivered.has(id));
      assert.deepEqual(lost, []);
      assert.deepEqual(model.open.dropped, []);
      assert.deepEqual(model.cursor, model.open.source.tail());
      await model.open.journal.close();
    }),
    { numRuns: 300 },
  );
});
