import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const SCRIPT = join(import.meta.dirname, '../../scripts/demo.ts');
const STOP_TIMEOUT_MS = 5000;

/** Starts the demo as a process of its own, as any other sender. `stop` lets it send what it still has. */
export function startDemoProcess(endpoint: string): { stop(): Promise<void> } {
  const demo = spawn(process.execPath, [SCRIPT, '--endpoint', endpoint], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const ended = once(demo, 'exit').catch(() => undefined);
  return {
    async stop() {
      demo.kill('SIGTERM');
      const late = new Promise<void>((resolve) => setTimeout(resolve, STOP_TIMEOUT_MS).unref());
      await Promise.race([ended, late]);
    },
  };
}
