import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { type ClassicBoard, panelsOf } from './classic.ts';
import { renderBoards, staleFiles } from './render.ts';

const boards = [...renderBoards().values()].map((text) => JSON.parse(text) as ClassicBoard);

describe('render', () => {
  it('gives the same bytes each time', () => {
    assert.deepEqual([...renderBoards()], [...renderBoards()]);
  });

  it('gives classic boards that Grafana provisions from files', () => {
    for (const board of boards) {
      assert.equal(board.schemaVersion, 42);
      assert.equal(board.editable, false);
      assert.ok(panelsOf(board).length > 10);
    }
  });

  it('puts no panel on another, and none outside the grid', () => {
    for (const board of boards) {
      const taken = new Set<string>();
      for (const { gridPos, title } of board.panels ?? []) {
        const { h, w, x, y } = gridPos!;
        assert.ok(x + w <= 24, `${title} ends at ${x + w}`);
        for (let column = x; column < x + w; column++) {
          for (let line = y; line < y + h; line++) {
            assert.ok(!taken.has(`${column},${line}`), `${title} lies on another panel`);
            taken.add(`${column},${line}`);
          }
        }
      }
    }
  });

  it('tells files that are changed, missing or left over', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'signalbox-render-'));
    t.after(() => rm(folder, { recursive: true }));
    const [[first, text] = ['', '']] = [...renderBoards()];
    for (const [name, content] of renderBoards()) await writeFile(join(folder, name), content);
    assert.deepEqual(staleFiles(folder), []);

    await writeFile(join(folder, first), text.replace('"30s"', '"1m"'));
    await writeFile(join(folder, 'signalbox-old.json'), '{}');
    await rm(join(folder, 'signalbox-stack.json'));
    assert.deepEqual(staleFiles(folder), [
      'signalbox-old.json is no board of grafana/src',
      `${first} is not what grafana/src renders`,
      'signalbox-stack.json is missing',
    ]);
  });
});
