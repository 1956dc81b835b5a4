import { existsSync, readFileSync } from 'node:fs';
import { Ajv, type ErrorObject } from 'ajv';
import { parseDocument } from 'yaml';
import { readEnvironment, type SchemaNode } from './environment.ts';
import type { Mistake } from './mistake.ts';
import { type Config, configSchema } from './schema.ts';

const DEFAULT_FILE = 'signalbox.yaml';

export type Loaded = { ok: true; config: Config; file: string | null } | { ok: false; mistakes: Mistake[] };

/**
 * Reads file and environment (which wins), applies defaults, checks everything and freezes the result.
 * All mistakes are returned at once. Without `file`, `signalbox.yaml` is read when it exists.
 */
export function loadConfig(source: {
  file: string | undefined;
  environment: Readonly<Record<string, string | undefined>>;
}): Loaded {
  const file = source.file ?? source.environment.SIGNALBOX_CONFIG ?? (existsSync(DEFAULT_FILE) ? DEFAULT_FILE : null);
  const parsed = file === null ? { value: {}, mistakes: [] } : parseFile(file);
  if (parsed.mistakes.length > 0) return { ok: false, mistakes: parsed.mistakes };
  const environment = readEnvironment(configSchema as SchemaNode, source.environment, (path) => readFileSync(path, 'utf8'));
  const value = structuredClone(parsed.value);
  for (const [path, text] of environment.values) assign(value, path, text);
  const mistakes = [...environment.mistakes, ...check(value, environment.values)];
  if (mistakes.length > 0) return { ok: false, mistakes };
  return { ok: true, config: deepFreeze(value) as unknown as Config, file };
}

function parseFile(file: string): { value: Record<string, unknown>; mistakes: Mistake[] } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return { value: {}, mistakes: [{ path: file, message: `cannot be read: ${(error as Error).message}` }] };
  }
  const document = parseDocument(text, { prettyErrors: true });
  const mistakes = document.errors.map((error) => ({ path: file, message: error.message.trim() }));
  const value: unknown = mistakes.length > 0 ? {} : (document.toJS() ?? {});
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { value: {}, mistakes: [{ path: file, message: 'must hold keys and values' }] };
  }
  return { value: value as Record<string, unknown>, mistakes };
}

function assign(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let node = target;
  for (const key of path.slice(0, -1)) {
    const next = node[key] ?? {};
    if (typeof next !== 'object') return;
    node[key] = next;
    node = next as Record<string, unknown>;
  }
  node[path.at(-1)!] = value;
}

/** The environment has only text, so types are coerced, but only when a variable gave something. */
function check(value: Record<string, unknown>, fromEnvironment: ReadonlyMap<string[], unknown>): Mistake[] {
  const ajv = new Ajv({
    allErrors: true,
    useDefaults: true,
    strict: false,
    verbose: true,
    coerceTypes: fromEnvironment.size > 0,
  });
  const validate = ajv.compile(configSchema);
  if (validate(value)) return [];
  return (validate.errors ?? []).filter((error) => error.keyword !== 'anyOf').map(toMistake);
}

function toMistake(error: ErrorObject): Mistake {
  const path = error.instancePath.slice(1).replaceAll('/', '.');
  if (error.keyword === 'additionalProperties') {
    const key = String(error.params.additionalProperty);
    const known = Object.keys((error.parentSchema as { properties?: object }).properties ?? {});
    const full = path === '' ? key : `${path}.${key}`;
    return { path: full, message: `unknown key; known here: ${known.join(', ')}` };
  }
  const got = error.data === undefined ? '' : `, got ${JSON.stringify(error.data)}`;
  return { path: path || '(whole file)', message: `${error.message ?? 'is wrong'}${isSecret(path) ? '' : got}` };
}

function isSecret(path: string): boolean {
  return path === 'token';
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const child of Object.values(value)) deepFreeze(child);
    Object.freeze(value);
  }
  return value;
}
