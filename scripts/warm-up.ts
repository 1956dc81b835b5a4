import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Starts the program once after the packages were installed, so that its code is compiled and kept and the
 * first real start is as quick as the later ones. Whatever goes wrong here only leaves that start slower.
 */
const MAIN = join(import.meta.dirname, '../collector/src/main.ts');
const TIMEOUT_MS = 20_000;

const dataDir = mkdtempSync(join(tmpdir(), 'signalbox-warm-up-'));
const own = Object.entries(process.env).filter(([name]) => !name.startsWith('SIGNALBOX_'));
const program = spawn(process.execPath, [MAIN], {
  cwd: dataDir,
  env: {
    ...Object.fromEntries(own),
    SIGNALBOX_DATA_DIR: dataDir,
    SIGNALBOX_OTLP_HTTP_PORT: '0',
    SIGNALBOX_OTLP_GRPC_PORT: '0',
    SIGNALBOX_CONSOLE_PORT: '0',
    SIGNALBOX_SELF_TELEMETRY_ENABLED: 'false',
  },
  stdio: ['ignore', 'pipe', 'ignore'],
});
const timer = setTimeout(() => program.kill('SIGKILL'), TIMEOUT_MS);
program.stdout.on('data', (chunk: Buffer) => {
  if (chunk.toString().includes('is up')) program.kill('SIGTERM');
});
program.once('error', () => clearTimeout(timer));
program.once('exit', () => {
  clearTimeout(timer);
  rmSync(dataDir, { recursive: true, force: true });
});
