import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { processEnvironment } from '#config/environment-of-process.ts';
import { loadConfig } from '#config/load.ts';
import type { Mistake } from '#config/mistake.ts';
import type { Config } from '#config/schema.ts';
import { OperatorError } from '#core/errors.ts';
import { type RunningApp, startApp } from './app.ts';
import { banner } from './banner.ts';
import { parseCommand } from './command-line.ts';
import { startDemoProcess } from './demo-process.ts';

const ROOT = join(import.meta.dirname, '../..');
const STOP_TIMEOUT_MS = 9000;

interface Process {
  /** Ends the process at once. */
  exit(code: number): never;
}

/** Does what the arguments say. Resolves with the exit code, or once everything runs. */
export async function run(args: readonly string[], process_: Process): Promise<number> {
  const version = readVersion();
  const command = parseCommand(args, version);
  if (command.kind === 'print') return say(command.text, 0);
  if (command.kind === 'wrong') return complain(command.message);
  const loaded = loadConfig({ file: command.config, environment: processEnvironment() });
  if (!loaded.ok) return complain(describeMistakes(loaded.mistakes));
  if (command.kind === 'check_config')
    return say(`The configuration is right (${loaded.file ?? 'defaults'}).\n`, 0);
  try {
    const app = await startApp(loaded.config, {
      version,
      stdout: process.stdout,
      stderr: process.stderr,
      onFatal: (message) => process_.exit(complain(message)),
    });
    let demo: ReturnType<typeof startDemoProcess> | null = null;
    // Before the banner: who reads it may ask for the end at once.
    stopOnSignals(async () => {
      await demo?.stop();
      await app.stop();
    }, process_);
    announce(app, loaded.config, version);
    if (command.demo) demo = startDemoProcess(app.otlpHttpUrl);
    return 0;
  } catch (error) {
    return complain(
      error instanceof OperatorError ? error.message : ((error as Error).stack ?? String(error)),
    );
  }
}

function announce(app: RunningApp, config: Config, version: string): void {
  const startupMs = performance.now();
  const isTokenConfigured = config.token !== '';
  process.stdout.write(
    banner(app, {
      version,
      dataDir: resolve(config.data_dir),
      startupMs,
      isTokenConfigured,
      publicUrl: config.otlp_http.public_url,
    }),
  );
}

function stopOnSignals(stopAll: () => Promise<void>, process_: Process): void {
  const stop = () => {
    setTimeout(() => process_.exit(1), STOP_TIMEOUT_MS).unref();
    void stopAll().then(() => process_.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

function readVersion(): string {
  return (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version;
}

function describeMistakes(mistakes: readonly Mistake[]): string {
  const lines = mistakes.map(({ path, message }) => `  ${path}: ${message}`);
  return `The configuration has ${mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`}:\n${lines.join('\n')}`;
}

function say(text: string, code: number): number {
  process.stdout.write(text);
  return code;
}

function complain(message: string): number {
  process.stderr.write(`${message}\n`);
  return 1;
}
