import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildBoard } from './blocks/board.ts';
import { BOARDS } from './boards/boards.ts';

/** Where Grafana reads the boards, as the stack mounts it. */
export const DASHBOARDS = join(import.meta.dirname, '..', 'dashboards');

/** The files of all boards by name; the same sources give the same bytes. */
export function renderBoards(): Map<string, string> {
  return new Map(
    BOARDS.map((board) => [`${board.uid}.json`, `${JSON.stringify(buildBoard(board), null, 2)}\n`] as const),
  );
}

/** What is wrong with the files in `folder`, compared with the sources; empty when nothing is. */
export function staleFiles(folder: string): string[] {
  const rendered = renderBoards();
  const present = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  const surplus = present
    .filter((name) => !rendered.has(name))
    .map((name) => `${name} is no board of grafana/src`);
  const differing = [...rendered].flatMap(([name, text]) => {
    if (!present.includes(name)) return [`${name} is missing`];
    return readFileSync(join(folder, name), 'utf8') === text
      ? []
      : [`${name} is not what grafana/src renders`];
  });
  return [...surplus, ...differing];
}

function writeAll(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const rendered = renderBoards();
  for (const name of readdirSync(folder)) {
    if (name.endsWith('.json') && !rendered.has(name)) rmSync(join(folder, name));
  }
  for (const [name, text] of rendered) writeFileSync(join(folder, name), text);
  console.log(`${rendered.size} boards written to grafana/dashboards`);
}

function main(): void {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  if (!values.check) writeAll(DASHBOARDS);
  const stale = staleFiles(DASHBOARDS);
  for (const line of stale) console.log(`grafana/dashboards: ${line}: run "npm run render:dashboards"`);
  process.exitCode = stale.length === 0 ? 0 : 1;
}

if (import.meta.main) main();
