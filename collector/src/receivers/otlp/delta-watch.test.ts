import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryLogger } from '#self/memory-logger.fixture.ts';
import { createDeltaWatch } from './delta-watch.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const VARIABLE = 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=cumulative';
/** What the wall clock is ahead of the steady one. */
const WALL = 1_700_000_000_000;

function create() {
  const { lines, ...logger } = createMemoryLogger();
  const time = { ms: 0 };
  const watch = createDeltaWatch({
    logger,
    clocks: { wallMs: () => WALL + time.ms, monotonicMs: () => time.ms },
  });
  return { watch, lines, time };
}

test('a service is told of once a minute, in the answer and in the log', () => {
  const { lines, time, watch } = create();
  const answers = [0, 1, MINUTE - 1, MINUTE, MINUTE + 1, 2 * MINUTE].map((ms) => {
    time.ms = ms;
    return watch.note('shop', 3) !== '';
  });
  assert.deepEqual(answers, [true, false, false, true, false, true]);
  assert.equal(lines.length, 3);
});

test('the line and the answer say what happens and what to set, the line counts what was not told', () => {
  const { lines, time, watch } = create();
  const answer = watch.note('shop', 3);
  watch.note('shop', 4);
  time.ms = MINUTE;
  watch.note('shop', 5);
  assert.match(answer, /^data points with delta temporality: 3\. Prometheus adds .* drops late ones/);
  assert.ok(answer.includes(VARIABLE));
  assert.ok(Buffer.byteLength(answer) < 512);
  assert.deepEqual(
    lines.map(({ level, context }) => [level, context.service, context.points]),
    [
      ['warn', 'shop', 3],
      ['warn', 'shop', 9],
    ],
  );
  assert.match(String(lines[0]?.context.meaning), /restarts/);
  assert.ok(String(lines[0]?.context.remedy).includes(VARIABLE));
});

test('each service has a minute of its own', () => {
  const { watch } = create();
  assert.deepEqual(
    ['shop', 'stock', 'shop', 'stock'].map((service) => watch.note(service, 1) !== ''),
    [true, true, false, false],
  );
});

test('the warning sums the services up, the latest first, and goes an hour after the last point', () => {
  const { time, watch } = create();
  assert.deepEqual(watch.warnings(), []);
  watch.note('shop', 3);
  time.ms = MINUTE;
  watch.note('stock', 4);
  const [warning, ...others] = watch.warnings();
  assert.deepEqual(others, []);
  assert.partialDeepStrictEqual(warning, {
    code: 'delta_temporality',
    points: 7,
    services: ['stock', 'shop'],
    lastUnixMs: WALL + MINUTE,
  });
  assert.ok(warning?.message.includes(VARIABLE));
  time.ms = HOUR + 1;
  assert.partialDeepStrictEqual(watch.warnings(), [{ points: 4, services: ['stock'] }]);
  time.ms = HOUR + MINUTE + 1;
  assert.deepEqual(watch.warnings(), []);
});

test('of ten thousand services 256 are known by name, and no minute has more warnings than those and one', () => {
  const { lines, time, watch } = create();
  let told = 0;
  for (let index = 0; index < 10_000; index++) if (watch.note(`service-${index}`, 1) !== '') told++;
  assert.equal(told, 257);
  assert.equal(lines.length, 257);
  const [warning] = watch.warnings();
  assert.equal(warning?.points, 10_000);
  assert.equal(warning?.services.length, 257);
  assert.equal(warning?.services.filter((name) => !name.startsWith('service-')).length, 1);
  time.ms = HOUR + 1;
  watch.note('after an hour', 1);
  assert.deepEqual(watch.warnings()[0]?.services, ['after an hour']);
});
