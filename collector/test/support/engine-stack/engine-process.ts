import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Exit } from '../start-signalbox.ts';
import { ENGINES } from './engine-facts.ts';
import type { EngineRoot } from './engine-root.ts';

const LINES_KEPT = 500;
const READY_STEP_MS = 100;

/** One run of an engine. */
export interface EngineProcess {
  pid: number;
  /** Sends the signal and waits for the end; as Docker does, kills it after its grace time. Harmless when it has ended. */
  end(signal: NodeJS.Signals): Promise<Exit>;
}

/** What an engine wrote: the last lines of all its runs. */
export interface EngineLog {
  add(text: string): void;
  tail(lines: number): string;
}

export function createEngineLog(): EngineLog {
  const lines: string[] = [];
  let open = '';
  return {
    add(text) {
      const added = (open + text).split('\n');
      open = added.pop()!;
      lines.push(...added);
      if (lines.length > LINES_KEPT) lines.splice(0, lines.length - LINES_KEPT);
    },
    tail: (count) => [...lines, ...(open === '' ? [] : [open])].slice(-count).join('\n'),
  };
}

/** Starts the engine in its root and waits until it says that it is ready. Throws with its log when it does not get there. */
export async function launchEngine(
  root: EngineRoot,
  { log, readyTimeoutMs }: { log: EngineLog; readyTimeoutMs: number },
): Promise<EngineProcess> {
  const { ports, readyPath } = ENGINES[root.name];
  for (const port of ports) await assertPortIsFree(port, root.name);
  const { child, ended } = spawnIn(root, log);
  const { stopGraceMs } = root;
  const engine: EngineProcess = {
    pid: child.pid!,
    end: (signal) => endProcess({ child, ended, stopGraceMs }, signal),
  };
  const ready = untilReady(`http://127.0.0.1:${ports[0]}${readyPath}`, { child, readyTimeoutMs });
  try {
    const why = await Promise.race([ready, ended.then(({ code, signal }) => `it ended (${code ?? signal})`)]);
    if (why !== null) throw new Error(`${root.name} did not get ready: ${why}\n${log.tail(40)}`);
  } catch (error) {
    await engine.end('SIGKILL');
    throw error;
  }
  return engine;
}

function spawnIn(root: EngineRoot, log: EngineLog): { child: ChildProcess; ended: Promise<Exit> } {
  const [file, ...args] = root.command as [string, ...string[]];
  const child = spawn(file, args, {
    cwd: '/',
    env: { PATH: process.env.PATH, ...root.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', (text: string) => log.add(text));
  return { child, ended: untilEnded(child) };
}

async function untilEnded(child: ChildProcess): Promise<Exit> {
  const guard = killWithParent(child.pid!);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  guard.kill('SIGKILL');
  return { code, signal };
}

/** A process that waits for the end of this one, however that comes, and then ends `pid`. */
function killWithParent(pid: number): ChildProcess {
  const guard = spawn('sh', ['-c', `cat; kill -KILL ${pid}`], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.unref();
  return guard;
}

async function endProcess(
  { child, ended, stopGraceMs }: { child: ChildProcess; ended: Promise<Exit>; stopGraceMs: number },
  signal: NodeJS.Signals,
): Promise<Exit> {
  if (child.exitCode !== null || child.signalCode !== null) return ended;
  child.kill(signal);
  const late = setTimeout(() => child.kill('SIGKILL'), stopGraceMs);
  try {
    return await ended;
  } finally {
    clearTimeout(late);
  }
}

/** Null when it is ready, else why not. */
async function untilReady(
  url: string,
  { child, readyTimeoutMs }: { child: ChildProcess; readyTimeoutMs: number },
): Promise<string | null> {
  const deadlineMs = performance.now() + readyTimeoutMs;
  let last = 'it was never asked';
  while (performance.now() < deadlineMs && child.exitCode === null && child.signalCode === null) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
      const text = await response.text();
      if (response.ok) return null;
      last = `${url} answered ${response.status} ${text.trim()}`;
    } catch (error) {
      last = `${url}: ${String((error as Error).cause ?? error)}`;
    }
    await sleep(READY_STEP_MS);
  }
  return `${last} (after ${readyTimeoutMs} ms)`;
}

async function assertPortIsFree(port: number, name: string): Promise<void> {
  const server = createServer();
  try {
    server.listen(port);
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(`Port ${port}, which ${name} needs, is in use by another program`);
  }
  server.close();
  await once(server, 'close');
}
