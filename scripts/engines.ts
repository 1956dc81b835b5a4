import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cacheFolder, isBuilt, programFolder } from './engines/binaries.ts';
import { buildProgram, fetchSource, removeLeftovers, type Source } from './engines/build.ts';
import { LEAST_GO, requireGo } from './engines/go.ts';
import { PROGRAMS, type Program } from './engines/programs.ts';
import { isNewEnough } from './engines/recipe.ts';

const help = `Builds the real engines that tests run against, from their Go modules. Needs Go; the first run takes
about a quarter of an hour, later ones build only what is new.

  npm run engines                     all of them
  npm run engines -- loki tempo       only these: ${PROGRAMS.map(({ name }) => name).join(', ')}

  --list   what there is, and whether it is built
  --help   show this

They are kept in ~/.cache/signalbox/engines, or in the folder that SIGNALBOX_ENGINES_DIR names.
`;

const TELL_EVERY_MS = 15_000;

type Say = (line: string) => void;

const say: Say = (line) => void process.stdout.write(`${line}\n`);

function chosenPrograms(names: readonly string[]): readonly Program[] {
  for (const name of names) {
    if (PROGRAMS.some((program) => program.name === name)) continue;
    const owner = PROGRAMS.find(({ binaries }) => name in binaries);
    const known = PROGRAMS.map((program) => program.name).join(', ');
    throw new Error(
      owner
        ? `${name} is built with ${owner.name}: name that`
        : `There is no engine "${name}"; there are ${known}`,
    );
  }
  return PROGRAMS.filter(({ name }) => names.length === 0 || names.includes(name));
}

function sayWhere(programs: readonly Program[], cache: string): void {
  for (const program of programs) {
    const isThere = isBuilt(program, cache);
    for (const binary of Object.keys(program.binaries)) {
      const where = isThere ? join(programFolder(program, cache), binary) : 'not built';
      say(`${binary.padEnd(15)} ${program.version.padEnd(9)} ${where}`);
    }
  }
}

/** Modules are fetched before the first build, so that a Go that is too old is told in seconds. */
async function fetchSources(
  programs: readonly Program[],
  cache: string,
  signal: AbortSignal,
): Promise<Source[]> {
  await requireGo(LEAST_GO, { cwd: cache, signal });
  const sources: Source[] = [];
  let wanted = LEAST_GO;
  for (const program of programs) {
    const source = await fetchSource(program, { cwd: cache, signal });
    const asks = source.goMod.Go ?? wanted;
    if (!isNewEnough(wanted, asks)) wanted = asks;
    sources.push(source);
  }
  await requireGo(wanted, { cwd: cache, signal });
  return sources;
}

async function buildAll(programs: readonly Program[], cache: string, signal: AbortSignal): Promise<void> {
  await mkdir(cache, { recursive: true });
  await removeLeftovers(cache);
  const sources = await fetchSources(programs, cache, signal);
  for (const [index, source] of sources.entries()) {
    const { name, version } = source.program;
    const title = `${name} ${version} (${index + 1} of ${sources.length})`;
    const startedMs = performance.now();
    const seconds = (): string => `${Math.round((performance.now() - startedMs) / 1000)} s`;
    let step = 'starting';
    const timer = setInterval(() => say(`${title}: ${seconds()}, ${step}`), TELL_EVERY_MS);
    say(`${title}: building`);
    try {
      await buildProgram(source, { cwd: cache, signal, onStep: (now) => (step = now) });
    } catch (error) {
      signal.throwIfAborted();
      throw new Error(`${title} could not be built after ${seconds()}: ${textOf(error)}`);
    } finally {
      clearInterval(timer);
    }
    say(`${title}: built in ${seconds()}`);
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function main(signal: AbortSignal): Promise<void> {
  const flag = { type: 'boolean', default: false } as const;
  const { values, positionals } = parseArgs({
    options: { list: flag, help: flag },
    allowPositionals: true,
  });
  if (values.help) return say(help.trimEnd());
  const programs = chosenPrograms(positionals);
  const cache = cacheFolder();
  const missing = programs.filter((program) => !isBuilt(program, cache));
  if (!values.list && missing.length > 0) await buildAll(missing, cache, signal);
  sayWhere(programs, cache);
}

const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => stopping.abort(new Error(`Stopped by ${name}; what was built is kept`)));
}
try {
  await main(stopping.signal);
} catch (error) {
  process.stderr.write(`${textOf(stopping.signal.aborted ? stopping.signal.reason : error)}\n`);
  process.exitCode = 1;
}
