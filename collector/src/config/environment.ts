import type { Mistake } from './mistake.ts';

/** As much of a JSON Schema as is needed to find its leaves. */
export type SchemaNode = { type?: string; properties?: Record<string, SchemaNode> };
type Environment = Readonly<Record<string, string | undefined>>;

/** What one variable sets. */
export interface Setting {
  /** `['store', 'max_age_days']` */
  path: readonly string[];
  /** `SIGNALBOX_STORE_MAX_AGE_DAYS`, or the same with `_FILE`. */
  variable: string;
  value: unknown;
}

const PREFIX = 'SIGNALBOX_';
const FILE_SUFFIX = '_FILE';
/** Read before the configuration exists, so not keys of it. */
const RESERVED = new Set(['SIGNALBOX_CONFIG']);

/**
 * What `SIGNALBOX_...` variables set: the path of a key, joined by `_`, in capitals. `NAME_FILE` reads the
 * value from the file of that name. Lists are separated by commas. An empty variable is the same as none
 * (OpenTelemetry specification, environment variables, "parsing empty value").
 */
export function readEnvironment(
  schema: SchemaNode,
  environment: Environment,
  readFile: (path: string) => string,
): { settings: Setting[]; mistakes: Mistake[] } {
  const leaves = new Map(leafPaths(schema).map((leaf) => [PREFIX + leaf.path.join('_').toUpperCase(), leaf]));
  const settings: Setting[] = [];
  const mistakes: Mistake[] = [];
  for (const [variable, text] of Object.entries(environment)) {
    if (!variable.startsWith(PREFIX) || RESERVED.has(variable) || !text) continue;
    const isFile = !leaves.has(variable) && variable.endsWith(FILE_SUFFIX);
    const name = isFile ? variable.slice(0, -FILE_SUFFIX.length) : variable;
    const leaf = leaves.get(name);
    if (leaf === undefined) {
      mistakes.push({ path: variable, message: 'is not the name of a setting' });
    } else if (isFile && environment[name]) {
      mistakes.push({ path: variable, message: `${name} is set too; set only one of them` });
    } else {
      const read = isFile ? tryRead(text, readFile) : { text };
      const converted = read.text === undefined ? read : convert(read.text, leaf.type);
      if ('problem' in converted) mistakes.push({ path: variable, message: converted.problem });
      else settings.push({ path: leaf.path, variable, value: converted.value });
    }
  }
  return { settings, mistakes };
}

type Converted = { value: unknown } | { problem: string };

function tryRead(path: string, readFile: (path: string) => string) {
  try {
    return { text: readFile(path).trim() };
  } catch (error) {
    return { text: undefined, problem: `cannot read the file it names: ${(error as Error).message}` };
  }
}

/** The environment holds only text; the schema says what is meant. */
function convert(text: string, type: string): Converted {
  if (type === 'array') return { value: splitList(text) };
  if (type === 'boolean') {
    if (text === 'true' || text === 'false') return { value: text === 'true' };
    return { problem: `must be true or false, got ${JSON.stringify(text)}` };
  }
  if (type === 'integer' || type === 'number') {
    if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return { value: Number(text) };
    return { problem: `must be a number, got ${JSON.stringify(text)}` };
  }
  return { value: text };
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function leafPaths(node: SchemaNode, path: string[] = []): { path: string[]; type: string }[] {
  if (node.properties === undefined) return [{ path, type: node.type ?? 'string' }];
  return Object.entries(node.properties).flatMap(([key, child]) => leafPaths(child, [...path, key]));
}
