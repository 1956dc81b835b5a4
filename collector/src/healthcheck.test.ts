import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { faultOf } from './healthcheck.ts';

const PROGRAM = join(import.meta.dirname, 'healthcheck.ts');

async function withAnswer(status: number, use: (url: string) => Promise<void>): Promise<void> {
  const server = createServer((_request, response) => {
    response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/readyz`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

test('only 200 is healthy', async () => {
  await withAnswer(200, async (url) => assert.equal(await faultOf(url), null));
  await withAnswer(503, async (url) => assert.equal(await faultOf(url), `${url} answers 503`));
  await withAnswer(204, async (url) => assert.equal(await faultOf(url), `${url} answers 204`));
  await withAnswer(302, async (url) => assert.match((await faultOf(url)) ?? '', /redirect/));
});

test('nobody listening is told with the reason', async () => {
  const gone = createServer();
  await once(gone.listen(0, '127.0.0.1'), 'listening');
  const { port } = gone.address() as AddressInfo;
  await new Promise((resolve) => gone.close(resolve));
  assert.match((await faultOf(`http://127.0.0.1:${port}/readyz`)) ?? '', /ECONNREFUSED/);
});

test('the program ends with 0 when healthy, and with 1 and the reason when not', async () => {
  const run = promisify(execFile);
  await withAnswer(200, async (url) => {
    const { stderr, stdout } = await run(process.execPath, [PROGRAM, url]);
    assert.equal(stdout + stderr, '');
  });
  await withAnswer(503, async (url) => {
    await assert.rejects(run(process.execPath, [PROGRAM, url]), { code: 1, stderr: `${url} answers 503\n` });
  });
});
