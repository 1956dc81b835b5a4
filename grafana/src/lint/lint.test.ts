import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ClassicBoard } from '../classic.ts';
import { renderBoards } from '../render.ts';
import { lintBoards, RULES } from './lint.ts';
import { PLANTED } from './planted.fixture.ts';

const FILE = 'signalbox-home.json';

function homeBoard(): ClassicBoard {
  return JSON.parse(renderBoards().get(FILE)!) as ClassicBoard;
}

describe('lint of boards', () => {
  it('finds nothing against the boards of this repository', () => {
    const boards = [...renderBoards()].map(
      ([file, text]) => [file, JSON.parse(text) as ClassicBoard] as const,
    );
    assert.ok(boards.length >= 2);
    assert.deepEqual(lintBoards(new Map(boards)), []);
  });

  for (const planted of PLANTED) {
    it(`finds ${planted.how} (${planted.rule})`, () => {
      const board = homeBoard();
      planted.break(board);
      const findings = lintBoards(new Map([[FILE, board]]));
      const names = findings.map(({ rule }) => rule);
      assert.ok(names.includes(planted.rule), `found only: ${JSON.stringify(findings)}`);
      const others = new Set(names.filter((name) => name !== planted.rule));
      assert.ok(others.size <= 1, `one mistake is told under many names: ${[...names].join(', ')}`);
    });
  }

  it('has a planted mistake for every rule', () => {
    const planted = new Set(PLANTED.map(({ rule }) => rule));
    assert.deepEqual(
      RULES.map(({ name }) => name).filter((name) => !planted.has(name)),
      [],
    );
  });

  it('finds two boards with one uid', () => {
    const findings = lintBoards(
      new Map([
        [FILE, homeBoard()],
        ['signalbox-copy.json', homeBoard()],
      ]),
    );
    assert.deepEqual(
      findings.filter(({ rule }) => rule === 'unique-uid').map(({ file }) => file),
      ['signalbox-copy.json'],
    );
  });

  it('says in which panel and query something is wrong', () => {
    const board = homeBoard();
    PLANTED.find(({ how }) => how === 'a rate over a fixed window')!.break(board);
    const [finding] = lintBoards(new Map([[FILE, board]]));
    assert.equal(finding?.panel, 'Request rate');
    assert.match(finding?.message ?? '', /query A: a rate over \[5m\]/);
  });

  it('says of a file that is no board what is missing, and does not throw', () => {
    const names = new Set(lintBoards(new Map([['x.json', {}]])).map(({ rule }) => rule));
    for (const name of ['classic', 'identity', 'version', 'refresh', 'purpose'])
      assert.ok(names.has(name), name);
  });
});
