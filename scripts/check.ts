import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';

interface Step {
  name: string;
  command: string;
  args: readonly string[];
}

interface Finished {
  name: string;
  ok: boolean;
  seconds: number;
  output: string;
}

const ROOT = join(import.meta.dirname, '..');
const PARALLEL = 2;

/** Longest first, so that the short ones fill the gaps. */
const STEPS: readonly Step[] = [
  { name: 'types', command: 'tsc', args: ['-p', '.', '--noEmit'] },
  { name: 'format and lint', command: 'biome', args: ['ci', '--colors=off', '--max-diagnostics=50', '.'] },
  { name: 'imports', command: process.execPath, args: ['scripts/check-imports.ts'] },
  { name: 'dead code', command: 'knip', args: ['--no-progress', '--no-config-hints'] },
  { name: 'dashboards', command: process.execPath, args: ['grafana/src/lint/main.ts'] },
  { name: 'documents', command: process.execPath, args: ['scripts/check-docs.ts'] },
];

function run({ name, command, args }: Step): Promise<Finished> {
  const startedMs = performance.now();
  const path = join(ROOT, 'node_modules', '.bin') + delimiter + (process.env.PATH ?? '');
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const finish = (ok: boolean, extra = '') => {
      const output = Buffer.concat(chunks).toString('utf8') + extra;
      resolve({ name, ok, seconds: (performance.now() - startedMs) / 1000, output });
    };
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, PATH: path },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', (error) => finish(false, error.message));
    child.once('close', (code) => finish(code === 0));
  });
}

function report({ name, ok, seconds, output }: Finished): void {
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name.padEnd(16)} ${seconds.toFixed(1)} s`);
  if (!ok) console.log(output.trimEnd().replace(/^/gm, '    '));
}

const waiting = [...STEPS];
let failed = 0;

async function work(): Promise<void> {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
    const finished = await run(step);
    if (!finished.ok) failed++;
    report(finished);
  }
}

await Promise.all(Array.from({ length: PARALLEL }, work));
process.exitCode = failed === 0 ? 0 : 1;
