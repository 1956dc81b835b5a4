import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A running program, as its operator sees it. */
export interface Signalbox {
  /** As the banner prints them, without a path: `http://127.0.0.1:34567`. */
  consoleUrl: string;
  otlpHttpUrl: string;
  otlpGrpcUrl: string;
  /** The operators' token: of the banner's link, or SIGNALBOX_TOKEN. */
  token: string;
  pid: number;
  /** Everything written so far. */
  stdout(): string;
  stderr(): string;
  /** Asks console and API as the operator; `path` as in `/api/v1/status`. */
  fetchApi(path: string, init?: RequestInit): Promise<Response>;
  /** Asks it to end (SIGTERM) and waits. Harmless when it has ended. */
  stop(): Promise<Exit>;
  /** Ends it at once (SIGKILL) and waits. Harmless when it has ended. */
  kill(): Promise<Exit>;
}

export interface SignalboxOptions {
  /** Kept when it ends, so that it can be started again on it. */
  dataDir: string;
  /** Settings, as in `{ SIGNALBOX_STORE_MAX_AGE_DAYS: '1' }`; ports are free ones unless set here. */
  env?: Readonly<Record<string, string>>;
  args?: readonly string[];
  /** What runs the program, as in `['strace', '-D', '-o', FILE]`; it must keep the pid that it was started with. */
  command?: readonly string[];
  /** Told the process id at once, before the program is up. */
  onSpawn?(pid: number): void;
}

const MAIN = join(import.meta.dirname, '../../src/main.ts');
const BANNER =
  /Console +(?<console>https?:\/\/[^\s/]+)(?:\/login#token=(?<token>\S+))?.*\n +OTLP\/HTTP +(?<otlpHttp>\S+).*\n +OTLP\/gRPC +(?<otlpGrpc>\S+)[\s\S]*Stop with Ctrl\+C\./;

/** Starts the program in a process of its own and waits until it is up. Throws with its output when it ends instead. */
export async function startSignalbox(options: SignalboxOptions): Promise<Signalbox> {
  const { child, ended, output } = launch(options);
  const up = Promise.withResolvers<RegExpExecArray>();
  child.stdout!.on('data', () => {
    const banner = BANNER.exec(output.stdout);
    if (banner !== null) up.resolve(banner);
  });
  const {
    console: consoleUrl,
    otlpHttp: otlpHttpUrl,
    otlpGrpc: otlpGrpcUrl,
    token = options.env?.SIGNALBOX_TOKEN ?? '',
  } = (
    await Promise.race([
      up.promise,
      ended.then(({ code, signal }) => {
        throw new Error(
          `Signalbox ended (${code ?? signal}) before it was up:\n${output.stdout}${output.stderr}`,
        );
      }),
    ])
  ).groups as { console: string; otlpHttp: string; otlpGrpc: string; token?: string };
  const end = (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    return ended;
  };
  return {
    consoleUrl,
    otlpHttpUrl,
    otlpGrpcUrl,
    token,
    pid: child.pid!,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    fetchApi: (path, init = {}) =>
      fetch(new URL(path, consoleUrl), {
        ...init,
        headers: { authorization: `Bearer ${token}`, ...init.headers },
      }),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

/** Runs the program until it ends by itself, as with `--help` or when it refuses to start. */
export async function runSignalbox(
  options: SignalboxOptions,
): Promise<Exit & { stdout: string; stderr: string }> {
  const { ended, output } = launch(options);
  return { ...(await ended), ...output };
}

function launch({ args = [], command = [], dataDir, env = {}, onSpawn }: SignalboxOptions) {
  const [file, ...rest] = [...command, process.execPath, MAIN, ...args] as [string, ...string[]];
  const child = spawn(file, rest, {
    // A folder without a signalbox.yaml.
    cwd: import.meta.dirname,
    env: {
      ...outerEnvironment(),
      SIGNALBOX_DATA_DIR: dataDir,
      SIGNALBOX_OTLP_HTTP_PORT: '0',
      SIGNALBOX_OTLP_GRPC_PORT: '0',
      SIGNALBOX_CONSOLE_PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.pid !== undefined) onSpawn?.(child.pid);
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  return { child, output, ended: untilEnded(child) };
}

async function untilEnded(child: ChildProcess): Promise<Exit> {
  const killWithTest = () => child.kill('SIGKILL');
  process.once('exit', killWithTest);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  process.off('exit', killWithTest);
  return { code, signal };
}

/** Whatever is set for the tests themselves must not reach the program. */
function outerEnvironment(): Record<string, string | undefined> {
  const isForeign = (name: string) => /^(SIGNALBOX_|OTEL_|NODE_OPTIONS|NODE_TEST_CONTEXT)/.test(name);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isForeign(name)));
}
