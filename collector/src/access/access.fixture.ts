import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Ajv } from 'ajv';
import { type AccessConfig, accessSchema } from './config.ts';

/** The section as the configuration gives it: with defaults for what `sections` leaves out. */
export function accessConfigOf(sections: object = {}): AccessConfig {
  const value = structuredClone(sections);
  const ajv = new Ajv({ useDefaults: true, strict: false });
  if (!ajv.validate(accessSchema, value)) throw new Error(ajv.errorsText());
  return value as AccessConfig;
}

/** A folder that is gone after the test. */
export function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-access-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A clock that stands still until it is told to move. */
export function createStoppedClock(startMs = Date.UTC(2026, 0, 31, 12)) {
  let ms = startMs;
  return {
    nowMs: () => ms,
    pass(milliseconds: number) {
      ms += milliseconds;
    },
  };
}
