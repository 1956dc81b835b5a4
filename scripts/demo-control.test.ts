import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ControlRequest, createControl, parseControl, sendControl } from './demo-control.ts';
import { choosePorts, requireEndpoint } from './demo-ports.ts';

async function withControl(run: (port: number, applied: ControlRequest[]) => Promise<void>): Promise<void> {
  const { control: port } = await choosePorts(0);
  const applied: ControlRequest[] = [];
  const control = await createControl(port, (request) => applied.push(request));
  try {
    await run(port, applied);
  } finally {
    await control.close();
  }
}

test('a break that is sent is applied and told', async () => {
  await withControl(async (port, applied) => {
    const told = await sendControl(port, { action: 'break', targets: ['payment', 'queue'] });
    assert.equal(told, 'payment, queue: broken');
    assert.deepEqual(applied, [{ action: 'break', targets: ['payment', 'queue'] }]);
  });
});

test('a form post, as a web page could send it, is refused and applies nothing', async () => {
  await withControl(async (port, applied) => {
    const body = JSON.stringify({ action: 'break', targets: ['payment'] });
    const response = await fetch(`http://127.0.0.1:${port}/control`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body,
    });
    assert.equal(response.status, 415);
    assert.deepEqual(applied, []);
  });
});

test('what is no control request is not taken for one', () => {
  for (const text of ['', '[]', 'null', '{"action":"break"}', '{"action":"break","targets":[]}']) {
    assert.equal(parseControl(text), undefined, text);
  }
  assert.equal(parseControl('{"action":"explode","targets":["payment"]}'), undefined);
  assert.equal(parseControl('{"action":"break","targets":["toString"]}'), undefined);
});

test('a port that is taken is named, with the service that wanted it', async () => {
  await withControl(async (port) => {
    await assert.rejects(choosePorts(port), new RegExp(`Port ${port}, wanted by the demo's shop, is taken`));
  });
});

test('an endpoint where nothing listens is told with the way to start Signalbox', async () => {
  const { control: port } = await choosePorts(0);
  await assert.rejects(requireEndpoint(`http://127.0.0.1:${port}`), /Start Signalbox first with "npm start"/);
  await assert.rejects(requireEndpoint('not an address'), /must be a URL/);
});

test('without a demo a break says how to start one', async () => {
  const { control: port } = await choosePorts(0);
  await assert.rejects(sendControl(port, { action: 'break', targets: ['model'] }), /npm run demo/);
});
