import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { configSchema } from '#config/schema.ts';
import { type DocMistake, findDocMistakes, findPortMistakes, type SettingNode } from './doc-mistakes.ts';

const ROOT = join(import.meta.dirname, '..');
const SKIPPED = new Set(['node_modules', 'dist', 'data', '.git', '.cache']);

function markdownFiles(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : markdownFiles(join(dir, entry.name));
    return entry.name.endsWith('.md') ? [join(dir, entry.name)] : [];
  });
}

// A TypeBox schema is JSON Schema; only its type does not tell the defaults.
const settings = configSchema as unknown as SettingNode;
const facts = {
  exists: (path: string) => existsSync(join(ROOT, path)),
  rootNames: new Set(readdirSync(ROOT)),
  settings,
};
const files = markdownFiles(ROOT);
let mistakes = 0;

function report(path: string, found: readonly DocMistake[]): void {
  mistakes += found.length;
  for (const { line, message } of found) console.log(`${path}:${line} ${message}`);
}

for (const file of files) {
  const path = relative(ROOT, file);
  const text = readFileSync(file, 'utf8');
  report(path, findDocMistakes(path, text, facts));
  if (path === 'README.md') report(path, findPortMistakes(text, settings));
}
if (files.length === 0) {
  mistakes++;
  console.log('no documents found');
}
console.log(`${files.length} documents, ${mistakes} mistakes`);
process.exitCode = mistakes === 0 ? 0 : 1;
