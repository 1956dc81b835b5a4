import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ask } from '../support/engine-stack/ask-engines.ts';
import { startEngine } from '../support/engine-stack/start-engine.ts';
import { until } from '../support/until.ts';

const START_AND_WAIT = join(import.meta.dirname, '../support/engine-stack/start-and-wait.ts');

test('an engine runs on its data over kill, stop and restart, and is gone with its folder at the end of its scope', async (t) => {
  const ends: (() => Promise<void>)[] = [];
  const engine = await startEngine('alertmanager', { scope: { after: (end) => void ends.push(end) } });
  t.after(engine.close);
  const silence = await ask(`${engine.url}/api/v2/silences`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      matchers: [{ name: 'alertname', value: 'Any', isRegex: false }],
      startsAt: new Date().toISOString(),
      endsAt: new Date(Date.now() + 3_600_000).toISOString(),
      createdBy: 'test',
      comment: 'kept',
    }),
  });
  assert.equal(silence.status, 200, silence.text);
  assert.deepEqual(await engine.stop(), { code: 0, signal: null });
  assert.deepEqual(await engine.stop(), { code: 0, signal: null }, 'stopping twice is harmless');
  await engine.restart();
  assert.match((await ask(`${engine.url}/api/v2/silences`)).text, /"comment":"kept"/);
  const { pid } = engine;
  assert.deepEqual(await engine.kill(), { code: null, signal: 'SIGKILL' });
  await engine.restart();
  assert.notEqual(engine.pid, pid);
  for (const end of ends) await end();
  assert.equal(isAlive(engine.pid), false);
  assert.equal(existsSync(dirname(engine.rootDir)), false);
});

test('a second engine of a name is refused with the port that it would need', async (t) => {
  await startEngine('alertmanager', { scope: t });
  await assert.rejects(startEngine('alertmanager', { scope: t }), {
    message: 'Port 9093, which alertmanager needs, is in use by another program',
  });
});

test('an engine that does not get ready is told with what it wrote, and leaves nothing behind', async (t) => {
  const configPatch = (text: string) => text.replace('receiver: signalbox', 'receiver: nobody');
  await assert.rejects(
    startEngine('alertmanager', { scope: t, configPatch }),
    /alertmanager did not get ready: it ended \(1\)[\s\S]*undefined receiver ."nobody/,
  );
  await startEngine('alertmanager', { scope: t });
});

test('a patch of the configuration that changes nothing is a mistake', async (t) => {
  const configPatch = (text: string) => text.replace('no such text', '');
  await assert.rejects(
    startEngine('loki', { scope: t, configPatch }),
    /configPatch changed nothing in .*loki/,
  );
});

test('an engine ends with the process that started it, though that was killed', async (t) => {
  const { pid, process: owner } = await startElsewhere(t);
  assert.equal(isAlive(pid), true);
  owner.kill('SIGKILL');
  await once(owner, 'close');
  await until('the engine to end', async () => (isAlive(pid) ? undefined : true));
});

async function startElsewhere(t: TestContext) {
  const owner = spawn(process.execPath, [START_AND_WAIT, 'alertmanager'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => owner.kill('SIGKILL'));
  const [line] = (await once(owner.stdout, 'data')) as [Buffer];
  const { pid, rootDir } = JSON.parse(line.toString()) as { pid: number; rootDir: string };
  t.after(() => rm(dirname(rootDir), { recursive: true, force: true }));
  return { pid, process: owner };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
