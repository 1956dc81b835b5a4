import assert from 'node:assert/strict';
import net from 'node:net';
import { test } from 'node:test';
import { OperatorError } from '#core/errors.ts';
import { listenError, listenOn, urlOf } from './listen-on.ts';

const PLACE = { host: '127.0.0.1', port: 0, name: 'OTLP/gRPC', section: 'otlp_grpc' };

test('a port that is taken is an operator error that names setting and variable', async (context) => {
  const [first, second] = [net.createServer(), net.createServer()];
  const port = await listenOn(first, PLACE);
  context.after(() => first.close());
  assert.ok(port > 0);
  await assert.rejects(listenOn(second, { ...PLACE, port }), (error) => {
    assert.ok(error instanceof OperatorError);
    assert.match(error.message, new RegExp(`^OTLP/gRPC: 127\\.0\\.0\\.1:${port} is taken`));
    assert.match(error.message, /otlp_grpc\.port \(SIGNALBOX_OTLP_GRPC_PORT\)$/);
    return true;
  });
});

test('an address that this machine does not have is told with the setting', async () => {
  const server = net.createServer();
  await assert.rejects(listenOn(server, { ...PLACE, host: '192.0.2.1' }), /set otlp_grpc\.host/);
  await assert.rejects(listenOn(server, { ...PLACE, host: 'nowhere.invalid' }), OperatorError);
});

test('every other fault is told as it came', () => {
  const error = Object.assign(new Error('listen EACCES'), { code: 'EACCES' });
  assert.match(listenError(error, { ...PLACE, port: 80 }).message, /set otlp_grpc\.port to one above 1023/);
  assert.match(listenError(new Error('no idea'), PLACE).message, /cannot listen on 127\.0\.0\.1:0: no idea/);
});

test('addresses are shown as people type them', () => {
  assert.equal(urlOf({ host: '::1', port: 4318, isTls: true }), 'https://[::1]:4318');
  assert.equal(urlOf({ host: 'localhost', port: 80, isTls: false }), 'http://localhost:80');
});
