import { execFile } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '..');
const CONFIG = '.dependency-cruiser.mjs';
const FOLDERS = ['collector', 'examples', 'scripts'];

interface Cruise {
  modules: { source: string }[];
  summary: { violations: { from: string; to: string; rule: { name: string; severity: string } }[] };
}

/** Mistakes that the rules must find, each under the name of the rule that has to say so. */
const PLANTED: Record<string, string> = {
  'collector/src/core/types-count.ts': "import type { X } from '#otlp/x.ts';\nexport type Y = X;\n",
  'collector/src/otlp/x.ts': "import { self } from '../self/self.ts';\nexport type X = typeof self;\n",
  'collector/src/otlp/reads.ts':
    "import { readFileSync } from 'node:fs';\nexport const read = readFileSync;\n",
  'collector/src/self/self.ts': "export const self = 'self';\n",
  'collector/src/query/goes-back.ts': "import { app } from '#app';\nexport const back = app;\n",
  'collector/src/app.ts': "export { b as app } from '#store/b.ts';\n",
  'collector/src/store/a.ts': "import { b } from './b.ts';\nexport const a = () => b;\n",
  'collector/src/store/b.ts': "import { a } from './a.ts';\nexport const b = () => a;\n",
  'collector/src/store/lonely.ts': 'export const lonely = true;\n',
  'collector/src/store/tested.ts': "import { t } from '../store/t.test.ts';\nexport const tested = t;\n",
  'collector/src/store/t.test.ts': 'export const t = 1;\n',
  'collector/console/src/page.ts':
    "import { self } from '../../src/self/self.ts';\nexport const page = self;\n",
};
const MUST_BE_FOUND = [
  'core-imports',
  'otlp-imports',
  'hash-imports-across-folders',
  'no-input-output-in-pure-folders',
  'app-is-the-root',
  'no-cycles',
  'no-orphans',
  'no-tests-in-production',
  'console-talks-http',
];

async function cruise(cwd: string, folders: readonly string[]): Promise<Cruise> {
  const program = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = [program, '--config', CONFIG, '--output-type', 'json', ...folders];
  // With mistakes found it exits with their number; only output that is no JSON is a fault.
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd,
    maxBuffer: 256 * 1024 * 1024,
  }).catch((error: { stdout?: string; stderr?: string }) => ({
    stdout: error.stdout || failUnread(error.stderr),
  }));
  return JSON.parse(stdout) as Cruise;
}

function failUnread(output: string | undefined): never {
  throw new Error(`dependency-cruiser gave no result: ${output ?? ''}`);
}

/** A small tree full of mistakes, to prove that the rules and the resolver work at all. */
async function missedMistakes(): Promise<string[]> {
  const dir = mkdtempSync(join(tmpdir(), 'signalbox-imports-'));
  try {
    const { imports, type } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    writeFileSync(join(dir, 'package.json'), JSON.stringify({ name: 'planted', type, imports }));
    for (const name of [CONFIG, 'tsconfig.json']) copyFileSync(join(ROOT, name), join(dir, name));
    for (const [path, text] of Object.entries(PLANTED)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), text);
    }
    const found = new Set((await cruise(dir, ['collector'])).summary.violations.map(({ rule }) => rule.name));
    return MUST_BE_FOUND.filter((name) => !found.has(name));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function countSources(dir: string): number {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
    .length;
}

const [real, missed] = await Promise.all([cruise(ROOT, FOLDERS), missedMistakes()]);
const seen = real.modules.filter(({ source }) => /^collector\/src\/.*\.ts$/.test(source)).length;
const present = countSources(join(ROOT, 'collector/src'));
const { violations } = real.summary;

for (const { rule, from, to } of violations) console.log(`${rule.name}: ${from} -> ${to}`);
if (seen < present) console.log(`only ${seen} of ${present} files of collector/src were seen`);
if (missed.length > 0) console.log(`planted mistakes were not found: ${missed.join(', ')}`);
console.log(`${real.modules.length} modules, ${violations.length} mistakes`);
process.exitCode = violations.length === 0 && seen >= present && missed.length === 0 ? 0 : 1;
