import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { sumsOf, untilSettled } from '../support/accounting.ts';
import { BLOCK_SIZE, createTemplate } from '../support/load-payload.ts';
import { startOtlpSink } from '../support/otlp-sink.ts';
import { startSignalbox } from '../support/start-signalbox.ts';

const SCRIPT = join(import.meta.dirname, '../../../scripts/replay.ts');
const ITEMS = 10;
const REFUSED_ID = BLOCK_SIZE + 3;

test('an item that a destination refused is kept with its reason, and sent again by the script when that is mended', async (context) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'signalbox-replay-'));
  const sink = await startOtlpSink();
  await sink.setMode({ kind: 'refuse', signal: 'traces', id: REFUSED_ID });
  const signalbox = await startSignalbox({
    dataDir,
    env: { SIGNALBOX_EXPORTER_OTLP_ENDPOINT: sink.url, SIGNALBOX_SELF_TELEMETRY_ENABLED: 'false' },
  });
  context.after(async () => {
    await signalbox.stop();
    await sink.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  const replay = async (...args: string[]) => {
    const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, ...args, '--data-dir', dataDir]);
    return stdout;
  };
  const template = createTemplate({ signal: 'traces', count: ITEMS, traceId: 'ab'.repeat(16) });
  const response = await fetch(`${signalbox.otlpHttpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: new Uint8Array(template.fill(1)),
  });
  assert.equal(response.status, 200);
  const before = sumsOf(await untilSettled(signalbox), 'otlp');
  assert.deepEqual([before.delivered, before.deadLettered], [ITEMS - 1, 1]);
  assert.ok(!sink.taken.traces.has(REFUSED_ID));
  assert.match(await replay('--list'), /otlp traces: 1 item in 1 letter\n {2}1 item: answered 400/);

  await sink.setMode({ kind: 'ok' });
  assert.match(await replay('--destination', 'otlp'), /done, all of it was taken/);
  assert.equal(sink.taken.traces.get(REFUSED_ID), 1);
  const after = sumsOf(await untilSettled(signalbox), 'otlp');
  assert.deepEqual([after.delivered, after.deadLettered], [ITEMS, 0]);
  const left = await readdir(join(dataDir, 'dead-letter/otlp/traces'));
  assert.deepEqual(
    left.filter((name) => !name.startsWith('.')),
    [],
  );
});
