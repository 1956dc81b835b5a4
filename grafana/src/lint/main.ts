import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClassicBoard } from '../classic.ts';
import { DASHBOARDS, staleFiles } from '../render.ts';
import { describeFinding, lintBoards } from './lint.ts';

// `node grafana/src/lint/main.ts` checks the boards of this repository and that they are what the sources render;
// with a folder named it checks the boards in that folder.
const [folder] = process.argv.slice(2);
const where = folder ?? DASHBOARDS;

const boards = new Map<string, ClassicBoard>();
const mistakes: string[] = [];
for (const name of readdirSync(where)
  .filter((file) => file.endsWith('.json'))
  .sort()) {
  try {
    boards.set(name, JSON.parse(readFileSync(join(where, name), 'utf8')) as ClassicBoard);
  } catch {
    mistakes.push(`${name}: not JSON`);
  }
}
if (boards.size === 0) mistakes.push('no boards found');
mistakes.push(...lintBoards(boards).map(describeFinding));
if (folder === undefined) {
  mistakes.push(...staleFiles(where).map((line) => `${line}: run "npm run render:dashboards"`));
}
for (const line of mistakes) console.log(line);
console.log(`${boards.size} boards, ${mistakes.length} mistakes`);
process.exitCode = mistakes.length === 0 ? 0 : 1;
