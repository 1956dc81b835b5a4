import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { Ajv, type ErrorObject } from 'ajv';
import { accessMistakes } from '#access/config.ts';
import { tlsMistakes } from '#listen/config.ts';
import { enrichMistakes } from '#processors/enrich/config.ts';
import { redactMistakes } from '#processors/redact/config.ts';
import { sampleMistakes } from '#processors/sample/config.ts';
import { readEnvironment, type SchemaNode, type Setting } from './environment.ts';
import { isLoopback } from './loopback.ts';
import type { Mistake } from './mistake.ts';
import { parseFile } from './parse-file.ts';
import { type Config, configSchema } from './schema.ts';

const DEFAULT_FILE = 'signalbox.yaml';
const EXPORTERS = ['exporter_tempo', 'exporter_loki', 'exporter_prometheus', 'exporter_otlp'] as const;
const RECEIVERS = ['otlp_http', 'otlp_grpc'] as const;
const MAX_SHOWN = 100;
const SECRETS = new Set(['token', 'machine_token', 'redact.hash_key', 'access.oidc.client_secret']);
const DEFAULT_PORTS: Record<string, number> = { 'http:': 80, 'https:': 443 };

export type Loaded = { ok: true; config: Config; file: string | null } | { ok: false; mistakes: Mistake[] };

/**
 * Reads file and environment (which wins), applies defaults, checks everything and freezes the result.
 * All mistakes are returned at once. Without `file`, `signalbox.yaml` is read when it exists.
 */
export function loadConfig(source: {
  file: string | undefined;
  environment: Readonly<Record<string, string | undefined>>;
}): Loaded {
  const file = source.file ?? (source.environment.SIGNALBOX_CONFIG || defaultFile());
  const parsed = file === null ? { ok: true as const, value: {} } : parseFile(file);
  const environment = readEnvironment(configSchema as SchemaNode, source.environment, (path) =>
    readFileSync(path, 'utf8'),
  );
  const mistakes = [...(parsed.ok ? [] : parsed.mistakes), ...environment.mistakes];
  const value = parsed.ok ? parsed.value : {};
  for (const setting of environment.settings) assign(value, setting);
  mistakes.push(...check(value, environment.settings));
  if (mistakes.length > 0) return { ok: false, mistakes };
  return { ok: true, config: deepFreeze(value) as unknown as Config, file };
}

function defaultFile(): string | null {
  return existsSync(DEFAULT_FILE) ? DEFAULT_FILE : null;
}

function assign(target: Record<string, unknown>, { path, value }: Setting): void {
  let node = target;
  for (const key of path.slice(0, -1)) {
    const next = node[key] ?? {};
    // The file has something else where a section belongs; the check will tell.
    if (typeof next !== 'object') return;
    node[key] = next;
    node = next as Record<string, unknown>;
  }
  node[path.at(-1)!] = value;
}

/** Fills in defaults; what is returned names the variable when the value came from one. */
function check(value: Record<string, unknown>, settings: readonly Setting[]): Mistake[] {
  const ajv = new Ajv({ allErrors: true, useDefaults: true, strict: false, verbose: true });
  const validate = ajv.compile(configSchema);
  if (!validate(value)) {
    const variables = new Map(settings.map(({ path, variable }) => [path.join('.'), variable]));
    return (validate.errors ?? [])
      .filter(({ schemaPath }) => !schemaPath.includes('/anyOf/'))
      .map(toMistake)
      .map(({ message, path }) => ({ path: variables.get(path) ?? path, message }));
  }
  const config = value as unknown as Config;
  const unusable = refuseNoAddresses(config);
  if (unusable.length > 0) return unusable;
  return [
    ...refuseOpenDoors(config),
    ...[...RECEIVERS, 'console' as const].flatMap((section) => tlsMistakes(section, config[section].tls)),
    ...refuseLoops(config),
    ...refuseHalfTheEngines(config),
    ...redactMistakes(config.redact),
    ...sampleMistakes(config.sample),
    ...enrichMistakes(config.enrich),
    ...accessMistakes(config.access),
  ];
}

function toMistake(error: ErrorObject): Mistake {
  const path = error.instancePath.slice(1).replaceAll('/', '.');
  if (error.keyword === 'additionalProperties') {
    const key = String(error.params.additionalProperty);
    const known = Object.keys((error.parentSchema as { properties?: object }).properties ?? {});
    const full = path === '' ? key : `${path}.${key}`;
    return { path: full, message: `unknown key; known here: ${known.join(', ')}` };
  }
  const message = oneOf(error) ?? error.message ?? 'is wrong';
  if (isSecret(path)) return { path, message };
  return { path, message: `${message}, got ${JSON.stringify(error.data).slice(0, MAX_SHOWN)}` };
}

/** The words that are allowed, where only some are; null for any other mistake. */
function oneOf({ keyword, params, schema }: ErrorObject): string | null {
  if (keyword !== 'anyOf' && keyword !== 'enum') return null;
  const words =
    keyword === 'enum'
      ? (params.allowedValues as string[])
      : (schema as { const: string }[]).map((option) => option.const);
  return `must be one of ${words.join(', ')}`;
}

function isSecret(path: string): boolean {
  return SECRETS.has(path) || path.startsWith('exporter_otlp.headers');
}

/** Other machines are let in only when they are asked who they are, or when the operator says so. */
function refuseOpenDoors(config: Config): Mistake[] {
  return RECEIVERS.flatMap((section) => {
    const { allow_unauthenticated, host, tls } = config[section];
    const isAsked = config.keys.required || tls.client_ca_file !== '';
    if (isLoopback(host) || isAsked || allow_unauthenticated) return [];
    const variable = `SIGNALBOX_${section.toUpperCase()}_ALLOW_UNAUTHENTICATED`;
    const message =
      `${host} is reached by other machines, and senders are not asked who they are. Set keys.required (API keys), ` +
      `${section}.tls.client_ca_file (client certificates), or ${section}.allow_unauthenticated (${variable}=true) ` +
      'if the network is yours alone';
    return [{ path: `${section}.host`, message }];
  });
}

/** What looks like an address and is none, as with a port above 65535. */
function refuseNoAddresses(config: Config): Mistake[] {
  const addresses = [
    ...EXPORTERS.map((name) => [`${name}.endpoint`, config[name].endpoint]),
    ...Object.entries(config.engines)
      .filter(([key]) => key.endsWith('_url'))
      .map(([key, url]) => [`engines.${key}`, url]),
  ] as [string, string][];
  return addresses
    .filter(([, url]) => url !== '' && !URL.canParse(url))
    .map(([path, url]) => ({ path, message: `${url} is not an address` }));
}

/** What is sent to oneself is accepted, and so sent again, without end. */
function refuseLoops(config: Config): Mistake[] {
  return EXPORTERS.flatMap((name) => {
    const { endpoint } = config[name];
    if (endpoint === '' || !isHere(new URL(endpoint), config.otlp_http.port)) return [];
    const message = `${endpoint} is this Signalbox itself: it would send itself everything again and again`;
    return [{ path: `${name}.endpoint`, message }];
  });
}

function isHere({ hostname: name, port, protocol }: URL, ownPort: number): boolean {
  const host = name.replace(/^\[|\]$/g, '');
  const isThisMachine = isLoopback(host) || host === '0.0.0.0' || host === '::' || host === hostname();
  return isThisMachine && Number(port || DEFAULT_PORTS[protocol]) === ownPort;
}

/** Some signals in the engines and others in the store could not be looked at together. */
function refuseHalfTheEngines(config: Config): Mistake[] {
  const names = ['tempo', 'loki', 'prometheus'] as const;
  const asked = names.filter((name) => config.engines[`${name}_url`] !== '');
  if (asked.length === 0) return [];
  return names.flatMap((name) => [
    ...(asked.includes(name)
      ? []
      : [
          { path: `engines.${name}_url`, message: 'is missing: the console asks all three engines, or none' },
        ]),
    ...(config[`exporter_${name}`].endpoint !== ''
      ? []
      : [
          {
            path: `exporter_${name}.endpoint`,
            message: `is missing: engines.${name}_url says what is kept there`,
          },
        ]),
  ]);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const child of Object.values(value)) deepFreeze(child);
    Object.freeze(value);
  }
  return value;
}
