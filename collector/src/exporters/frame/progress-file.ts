import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Progress, ProgressKeeper } from '#core/progress.ts';
import type { Signal } from '#core/signal.ts';
import { replaceFile, syncFolder } from './durable-file.ts';
import { isProgress } from './is-progress.ts';

export interface ProgressFileConfig {
  dataDir: string;
  destination: string;
  signal: Signal;
}

export interface ProgressFileDeps {
  /** There is a file, and it cannot be used: all that the journal has will be sent again. */
  onUnreadable(path: string, reason: string): void;
}

function checksumOf(progress: unknown): string {
  return createHash('sha256').update(JSON.stringify(progress)).digest('hex');
}

function parse(text: string): Progress {
  const { checksum, progress } = JSON.parse(text) as { checksum: unknown; progress: unknown };
  if (checksum !== checksumOf(progress)) throw new Error('its checksum is wrong');
  if (!isProgress(progress)) throw new Error('it does not hold progress');
  return progress;
}

/** Keeps progress in `<dataDir>/cursors/<destination>-<signal>.json`, replaced as a whole and on disk each time. */
export function createProgressFile(config: ProgressFileConfig, deps: ProgressFileDeps): ProgressKeeper {
  const folder = join(config.dataDir, 'cursors');
  const name = `${config.destination}-${config.signal}.json`;
  return {
    async load() {
      try {
        return parse(await readFile(join(folder, name), 'utf8'));
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code !== 'ENOENT') deps.onUnreadable(join(folder, name), message);
        return null;
      }
    },
    async save(progress) {
      await replaceFile(
        { folder, name },
        `${JSON.stringify({ checksum: checksumOf(progress), progress })}\n`,
      );
      // The journal removes what progress has passed: a crash must not bring the older progress back.
      await syncFolder(folder);
    },
  };
}
