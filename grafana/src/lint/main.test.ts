import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { renderBoards } from '../render.ts';

const MAIN = join(import.meta.dirname, 'main.ts');

function lint(...args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [MAIN, ...args], (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, output: stdout + stderr }),
    );
  });
}

async function folderWith(t: TestContext, files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-lint-'));
  t.after(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

const home = renderBoards().get('signalbox-home.json')!;

describe('lint of boards, as a command', () => {
  it('passes the boards of this repository, which are what the sources render', async () => {
    const { code, output } = await lint();
    assert.equal(code, 0, output);
    assert.match(output, /^\d+ boards, 0 mistakes$/m);
  });

  it('fails for a board with a mistake and names it', async (t) => {
    const folder = await folderWith(t, {
      'signalbox-home.json': home.replace('"refresh": "30s"', '"refresh": "5s"'),
    });
    const { code, output } = await lint(folder);
    assert.equal(code, 1);
    assert.match(output, /^signalbox-home\.json: refresh is "5s".*\(refresh\)$/m);
    assert.match(output, /^1 boards, 1 mistakes$/m);
  });

  it('fails for a file that is not JSON', async (t) => {
    const { code, output } = await lint(
      await folderWith(t, { 'signalbox-home.json': home, 'broken.json': '{' }),
    );
    assert.equal(code, 1);
    assert.match(output, /^broken\.json: not JSON$/m);
  });

  it('fails for a folder without boards', async (t) => {
    const { code, output } = await lint(await folderWith(t, { 'notes.txt': 'x' }));
    assert.equal(code, 1);
    assert.match(output, /no boards found/);
  });
});
