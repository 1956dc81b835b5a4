import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CheckResult, createHealthRegistry } from './health.ts';

function create() {
  return createHealthRegistry({ version: '1.2.3', serviceId: 'box-1', now: () => 1_700_000_000_000 });
}

test('ready while every check passes or warns, not ready when one fails', async () => {
  const health = create();
  health.register('store:writes', async () => ({ status: 'pass' }), 1000);
  health.register('disk:space', async () => ({ status: 'warn', message: 'little left' }), 1000);
  assert.equal((await health.readyz()).ready, true);
  assert.equal((await health.healthz()).status, 'warn');
  health.register('receiver:listening', async () => ({ status: 'fail', message: 'port taken' }), 1000);
  const { ready, checks } = await health.readyz();
  assert.equal(ready, false);
  assert.deepEqual(
    checks.map(({ name, status }) => [name, status]),
    [
      ['store:writes', 'pass'],
      ['disk:space', 'warn'],
      ['receiver:listening', 'fail'],
    ],
  );
});

test('the health body carries version, service id and each check with its value and output', async () => {
  const health = create();
  const result: CheckResult = { status: 'pass', observedValue: 12, observedUnit: 'ms' };
  health.register('store:responseTime', async () => result, 1000);
  assert.deepEqual(await health.healthz(), {
    status: 'pass',
    version: '1.2.3',
    serviceId: 'box-1',
    description: 'Signalbox',
    checks: {
      'store:responseTime': [
        { status: 'pass', time: '2023-11-14T22:13:20.000Z', observedValue: 12, observedUnit: 'ms' },
      ],
    },
  });
});

test('a check that throws or does not answer in time fails with the reason', async () => {
  const health = create();
  health.register(
    'a:throws',
    () => {
      throw new Error('broken');
    },
    1000,
  );
  health.register('b:hangs', () => new Promise(() => {}), 5);
  const { ready, checks } = await health.readyz();
  assert.equal(ready, false);
  assert.deepEqual(
    checks.map(({ message }) => message),
    ['broken', 'no answer within 5 ms'],
  );
});

test('a check that hangs is not started again by the next question', async () => {
  const health = create();
  let starts = 0;
  const check = () => {
    starts++;
    return new Promise<CheckResult>(() => {});
  };
  health.register('b:hangs', check, 2);
  await Promise.all([health.readyz(), health.healthz()]);
  await health.readyz();
  assert.equal(starts, 1);
});

test('while stopping it lives but is not ready', async () => {
  const health = create();
  health.setStopping();
  assert.deepEqual(health.livez(), { live: true });
  assert.equal((await health.readyz()).ready, false);
  assert.equal((await health.healthz()).status, 'fail');
});

test('a name cannot be registered twice', () => {
  const health = create();
  health.register('a:b', async () => ({ status: 'pass' }), 1);
  assert.throws(() => health.register('a:b', async () => ({ status: 'pass' }), 1), /registered twice/);
});
