import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** As much of a service in docker-compose.yml as the rules look at; in a file that breaks them any may be missing. */
export interface Service {
  image?: string;
  pull_policy?: string;
  build?: unknown;
  profiles?: string[];
  user?: string;
  command?: unknown;
  restart?: string;
  read_only?: boolean;
  privileged?: boolean;
  cap_add?: string[];
  cap_drop?: string[];
  security_opt?: string[];
  network_mode?: string;
  networks?: string[];
  ports?: string[];
  volumes?: string[];
  environment?: Record<string, string | number | boolean | null>;
  cpus?: number;
  depends_on?: Record<string, { condition?: string }>;
  stop_grace_period?: string;
  logging?: { driver?: string; options?: Record<string, string> };
  healthcheck?: { test?: string[] | string; disable?: boolean } & Record<string, unknown>;
  deploy?: { resources?: { limits?: { memory?: string; cpus?: string } } };
  /** Rule to the reason why this service breaks it. */
  'x-signalbox-excused'?: Record<string, string>;
}

export interface ComposeFile {
  services: Record<string, Service>;
  networks: Record<string, { internal?: boolean } | null>;
  volumes?: Record<string, unknown>;
}

/** A compose file with its anchors resolved; variables are left as they are written. */
export function readComposeFile(path: string): ComposeFile {
  return parse(readFileSync(path, 'utf8'), { merge: true }) as ComposeFile;
}

/** `768M`, as Docker means it: MiB. NaN for another form. */
export function mebibytes(text: string | number | boolean | null | undefined): number {
  return Number(/^(\d+)(M|MiB)$/.exec(String(text ?? ''))?.[1] ?? Number.NaN);
}
