import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { EngineName } from './engine-facts.ts';

export const REPOSITORY = join(import.meta.dirname, '../../../..');

/** How docker-compose.yml starts an engine. */
export interface ComposeService {
  /** Arguments behind the image's entry point. */
  command: string[];
  environment: Record<string, string>;
  /** How long it may take to end before it is killed; Docker's default is 10 s. */
  stopGraceMs: number;
}

interface ComposeFile {
  services?: Record<
    string,
    { command?: unknown; environment?: unknown; stop_grace_period?: unknown } | undefined
  >;
}

/** Throws when the file has no such service, or its command or environment needs a shell or Compose to be understood. */
export function composeService(name: EngineName): ComposeService {
  const file = join(REPOSITORY, 'docker-compose.yml');
  const service = (parse(readFileSync(file, 'utf8'), { merge: true }) as ComposeFile).services?.[name];
  if (service === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  const { command, environment = {}, stop_grace_period: grace = '10s' } = service;
  if (!Array.isArray(command)) throw new Error(`docker-compose.yml: the command of ${name} must be a list`);
  const entries = Object.entries(environment as Record<string, unknown>);
  for (const value of [...command, ...entries.map(([, value]) => value)]) {
    if (/\$\{?\w/.test(String(value)))
      throw new Error(`docker-compose.yml: ${name} has ${value}, which only Compose can fill in`);
  }
  return {
    command: command.map(String),
    environment: Object.fromEntries(entries.map(([key, value]) => [key, String(value)])),
    stopGraceMs: toMilliseconds(String(grace)),
  };
}

/** As in `1m30s`. */
function toMilliseconds(duration: string): number {
  const { minutes = '0', seconds = '0' } =
    /^(?:(?<minutes>\d+)m)?(?:(?<seconds>\d+)s)?$/.exec(duration)?.groups ?? {};
  const milliseconds = (Number(minutes) * 60 + Number(seconds)) * 1000;
  if (milliseconds === 0)
    throw new Error(`docker-compose.yml: ${duration} is no stop_grace_period in minutes and seconds`);
  return milliseconds;
}
