import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { isNewEnough } from './recipe.ts';

/** The Go that the newest of the programs asks for; what exactly is in each one's go.mod. */
export const LEAST_GO = '1.26';

const LAST_LINES = 20;
// With -v Go names each package that it compiles, on a line of its own.
const PACKAGE_LINE = /^[\w./~-]+$/;

export interface GoOptions {
  cwd: string;
  /** Aborting it ends Go. */
  signal: AbortSignal;
  /** Called with what Go does now, a few words. */
  onStep?: (step: string) => void;
}

/** Runs Go and answers what it wrote to standard output. Throws with the last lines it wrote when it fails. */
export function runGo(args: readonly string[], { cwd, signal, onStep }: GoOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    // A go.work or C compiler of the machine must have no say in what is built.
    const env = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' };
    const child = spawn('go', args, { cwd, env, signal, stdio: ['ignore', 'pipe', 'pipe'] });
    const output: Buffer[] = [];
    const told: string[] = [];
    let compiled = 0;
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (PACKAGE_LINE.test(line)) onStep?.(`package ${++compiled}, ${line}`);
      else if (line.startsWith('go: downloading ')) onStep?.(line.slice('go: '.length));
      else if (told.push(line) > LAST_LINES) told.shift();
    });
    let fault: Error | undefined;
    child.once('error', (error: NodeJS.ErrnoException) => {
      fault = error.code === 'ENOENT' ? new Error(`Go was not found. ${howToInstall(LEAST_GO)}`) : error;
    });
    child.once('close', (code, killedBy) => {
      const text = Buffer.concat(output).toString('utf8');
      if (fault === undefined && code === 0) return resolve(text);
      const lines = told.length > 0 ? told : text.trimEnd().split('\n').slice(-LAST_LINES);
      const why = `go ${args[0]} ended with ${killedBy ?? `exit code ${code}`}:\n${lines.join('\n').replace(/^/gm, '    ')}`;
      reject(fault ?? new Error(why));
    });
  });
}

function howToInstall(version: string): string {
  return `Install Go ${version} or newer: https://go.dev/doc/install; then \`go version\` has to find it.`;
}

/** Throws when the machine's Go is older than `wanted` (as in 1.26.7) and may not fetch a newer one itself. */
export async function requireGo(wanted: string, options: GoOptions): Promise<void> {
  const answer = await runGo(['env', '-json', 'GOVERSION', 'GOTOOLCHAIN'], options);
  const { GOVERSION = '', GOTOOLCHAIN = '' } = JSON.parse(answer) as Record<string, string>;
  const version = GOVERSION.replace(/^go/, '');
  if (isNewEnough(version, wanted)) return;
  if (isNewEnough(version, '1.21') && /auto$/.test(GOTOOLCHAIN)) return;
  const held = GOTOOLCHAIN === '' ? '' : ` (GOTOOLCHAIN=${GOTOOLCHAIN})`;
  throw new Error(`Go ${version} is too old${held}. ${howToInstall(wanted)}`);
}
