import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { after, before, test } from 'node:test';
import { until } from '#test/support/until.ts';
import type { LogConfig } from './config.ts';
import type { LogRecord } from './log-record.ts';
import { createLogger, type LoggerDeps, type RootLogger } from './logger.ts';

const config: LogConfig = {
  level: 'info',
  stdout: 'none',
  max_files_days: 3,
  max_files: 4,
  max_file_bytes: 1e6,
  summary_interval_seconds: 60,
};

let root: string;
let folders = 0;
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'signalbox-logger-'));
});
after(() => rm(root, { recursive: true, force: true }));

function sink() {
  const stream = new PassThrough();
  const chunks: string[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString('utf8')));
  return { stream, text: () => chunks.join('') };
}

function create(overrides: Partial<LogConfig> = {}, deps: Partial<LoggerDeps> = {}) {
  const dir = join(root, `logs-${folders++}`);
  const stdout = sink();
  const stderr = sink();
  let lost = 0;
  const logger = createLogger(
    { ...config, ...overrides },
    {
      thread: 'main',
      dir,
      stdout: stdout.stream,
      stdoutIsTerminal: false,
      stderr: stderr.stream,
      onLostLine: () => lost++,
      ...deps,
    },
  );
  return { logger, dir, stdout, stderr, lost: () => lost };
}

async function linesOf(dir: string): Promise<LogRecord[]> {
  const names = (await readdir(dir)).filter((name) => name.startsWith('signalbox-'));
  const texts = await Promise.all(names.map((name) => readFile(join(dir, name), 'utf8')));
  return texts.flatMap((text) => text.split('\n').filter(Boolean)).map((line) => JSON.parse(line));
}

test('lines are JSON with time, level, component and context, in a file only its owner may read', async () => {
  const { logger, dir } = create();
  logger
    .child('store', { day: '2026-01-01' })
    .warn('file set aside', { path: 'x', error: new Error('torn') });
  logger.debug('not wanted');
  await logger.close();
  const [line, ...others] = await linesOf(dir);
  assert.deepEqual(others, []);
  assert.match(line?.timestamp ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.equal(line?.level, 'warn');
  assert.equal(line?.message, 'file set aside');
  assert.equal(line?.component, 'store');
  assert.equal(line?.thread, 'main');
  assert.equal(line?.day, '2026-01-01');
  assert.equal((line?.error as { message: string } | undefined)?.message, 'torn');
  const [name = ''] = (await readdir(dir)).filter((file) => /^signalbox-\d{4}-\d\d-\d\d\.log$/.test(file));
  assert.equal((await stat(join(dir, name))).mode & 0o777, 0o600);
});

test('a file that grew too large is followed by the next, and only the newest few are kept', async () => {
  const { logger, dir } = create({ max_file_bytes: 1024, max_files: 3 });
  for (let line = 0; line < 60; line++) {
    logger.info('x'.repeat(400), { line });
    await new Promise(setImmediate);
  }
  await logger.close();
  const rotated = await linesOf(dir);
  assert.equal(Math.max(...rotated.map((line) => Number(line.line))), 59);
  // Files of the flood may still be opening when it ends; the next run counts them all.
  const next = create({ max_file_bytes: 1024, max_files: 3 }, { dir });
  next.logger.info('after a restart');
  await next.logger.close();
  const files = (await readdir(dir)).filter((name) => name.startsWith('signalbox-'));
  assert.ok(files.length <= 3 && files.length >= 2, files.join());
});

test('stdout gets info elsewhere, only warnings on a terminal, and nothing when told so', async () => {
  const said = async (stdout: LogConfig['stdout'], stdoutIsTerminal: boolean) => {
    const { logger, stdout: out } = create({ stdout }, { stdoutIsTerminal });
    logger.info('calm');
    logger.warn('odd');
    await logger.close();
    return out.text();
  };
  const elsewhere = (await said('auto', false))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).message);
  assert.deepEqual(elsewhere, ['calm', 'odd']);
  assert.match(await said('auto', true), /^\d\d:\d\d:\d\d warn main: odd\n$/);
  assert.equal(await said('none', true), '');
});

test('a stdout that went away does not matter', async () => {
  const { logger, stdout, dir } = create({ stdout: 'info' });
  stdout.stream.destroy(new Error('EPIPE'));
  logger.info('still here');
  await logger.close();
  assert.deepEqual(
    (await linesOf(dir)).map(({ message }) => message),
    ['still here'],
  );
});

test('a log folder that cannot be made is said once on stderr and its lines are counted', async () => {
  const blocked = join(root, 'a-file');
  await writeFile(blocked, '');
  const { logger, stderr, lost } = create({}, { dir: join(blocked, 'logs') });
  for (let line = 0; line < 5; line++) logger.error('lost');
  await logger.close();
  assert.equal(lost(), 5);
  assert.equal(stderr.text().match(/cannot be written/g)?.length, 1);
});

test('a log file that stops opening does not end the process', async () => {
  const { logger, dir, stderr } = create({ max_file_bytes: 1024 });
  logger.info('first');
  await new Promise((resolve) => setTimeout(resolve, 20));
  const [name = ''] = (await readdir(dir)).filter((file) => file.startsWith('signalbox-'));
  await rm(dir, { recursive: true });
  await writeFile(dir, 'now a file');
  // The next file is opened in the background, so lines go on until that has failed.
  await until('the failure', async () => {
    logger.info('x'.repeat(200));
    return stderr.text() === '' ? undefined : true;
  });
  await logger.close();
  assert.match(name, /^signalbox-/);
  assert.equal(stderr.text().match(/cannot be written/g)?.length, 1);
});

test("the worker's records are forwarded redacted and written by main under the worker's name", async () => {
  const counted: string[] = [];
  const { logger: main, dir } = create({}, { onRecord: (level) => counted.push(level) });
  const forwarded: LogRecord[] = [];
  const worker: RootLogger = createLogger(config, {
    thread: 'worker',
    forward: (record) => forwarded.push(structuredClone(record)),
    stdout: new PassThrough(),
    stdoutIsTerminal: false,
    stderr: new PassThrough(),
  });
  worker.child('api').info('asked', { token: 'hunter2', send: () => 1 });
  for (const record of forwarded) main.receive(record);
  await main.close();
  const [line] = await linesOf(dir);
  assert.equal(line?.thread, 'worker');
  assert.equal(line?.component, 'api');
  assert.equal(line?.token, '[redacted]');
  assert.deepEqual(counted, ['info']);
});

test('a listener gets the lines from before it was attached, and none after it was detached', async () => {
  const { logger } = create();
  const heard: string[] = [];
  logger.info('one');
  const detach = logger.attach((record) => heard.push(record.message));
  logger.info('two');
  detach();
  logger.info('three');
  await logger.close();
  assert.deepEqual(heard, ['one', 'two']);
});
