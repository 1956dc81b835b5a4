import assert from 'node:assert/strict';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { madeOnce, runTool } from './made-once.ts';

let input: string;
let cache: string;
let makings: number;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'signalbox-made-'));
  input = join(cache, 'source');
  makings = 0;
  await writeFile(input, 'first');
});

afterEach(() => rm(cache, { recursive: true, force: true }));

const make = async (folder: string) => {
  makings++;
  await writeFile(join(folder, 'made'), await readFile(input));
};
const once = () => madeOnce({ name: 'thing', inputs: [input], make, cache: join(cache, 'cache') });

test('what is there is not made again, and who comes at the same time gets the same', async () => {
  const [one, two] = await Promise.all([once(), once()]);
  assert.equal(one, two);
  const before = makings;
  assert.equal(await once(), one);
  assert.equal(makings, before);
  assert.equal(await readFile(join(one, 'made'), 'utf8'), 'first');
});

test('a new input is made anew, beside the old one', async () => {
  const old = await once();
  await writeFile(input, 'second');
  const renewed = await once();
  assert.notEqual(renewed, old);
  assert.match(basename(renewed), /^thing-[0-9a-f]{16}$/);
  assert.equal(await readFile(join(renewed, 'made'), 'utf8'), 'second');
  await access(old);
});

test('a making that fails is told, and tried again the next time', async () => {
  const failing = { name: 'thing', inputs: [input], cache: join(cache, 'cache') };
  await assert.rejects(
    madeOnce({ ...failing, make: () => Promise.reject(new Error('no such package')) }),
    /no such package/,
  );
  await once();
  assert.equal(makings, 1);
});

test('a tool that is missing is told with what to do', async () => {
  await assert.rejects(runTool(['no-such-tool'], { advice: 'install it' }), {
    message: 'no-such-tool is missing: install it',
  });
});

test('a tool that fails is told with what it printed', async () => {
  const script = "console.log('half'); console.error('broken'); process.exit(3)";
  await assert.rejects(runTool([process.execPath, '-e', script], { advice: '' }), /failed:\nhalf\nbroken\n/);
});
