import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from './access.fixture.ts';
import { replaceFile } from './secret-file.ts';

const MODULE = join(import.meta.dirname, 'secret-file.ts');

test('a file and the folder that is made for it are for their owner alone', (context) => {
  const path = join(temporaryFolder(context), 'secrets', 'users.json');
  replaceFile(path, 'one');
  replaceFile(path, 'two');
  assert.equal(readFileSync(path, 'utf8'), 'two');
  assert.deepEqual([statSync(path).mode & 0o777, statSync(join(path, '..')).mode & 0o777], [0o600, 0o700]);
});

test('a disk that takes only a part leaves the file as it was before, and nothing beside it', async (context) => {
  const folder = temporaryFolder(context);
  const path = join(folder, 'users.json');
  replaceFile(path, 'before');
  const code = await runWithSmallFiles(
    `import { replaceFile } from ${JSON.stringify(MODULE)};
     replaceFile(${JSON.stringify(path)}, 'x'.repeat(1024 * 1024));`,
  );
  assert.equal(code, 1);
  assert.equal(readFileSync(path, 'utf8'), 'before');
  assert.deepEqual(readdirSync(folder), ['users.json']);
});

/** Runs a module where no file can grow beyond some kilobytes: as on a full disk, the first write is a short one. */
function runWithSmallFiles(source: string): Promise<number> {
  const limit = 'trap "" XFSZ; ulimit -f 16; exec "$0" --input-type=module -e "$1"';
  const { promise, resolve } = Promise.withResolvers<number>();
  execFile('sh', ['-c', limit, process.execPath, source], (error) => resolve(Number(error?.code ?? 0)));
  return promise;
}
