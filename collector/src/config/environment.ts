import type { Mistake } from './mistake.ts';

/** As much of a JSON Schema as is needed to find its leaves. */
export type SchemaNode = { type?: string; properties?: Record<string, SchemaNode> };
type Environment = Readonly<Record<string, string | undefined>>;

const PREFIX = 'SIGNALBOX_';
/** Read before the configuration exists, so not keys of it. */
const RESERVED = new Set(['SIGNALBOX_CONFIG']);

/**
 * Values that `SIGNALBOX_...` variables give: the path of a key, joined by `_`, in capitals.
 * `NAME_FILE` reads the value from the file of that name. Lists are separated by commas.
 */
export function readEnvironment(
  schema: SchemaNode,
  environment: Environment,
  readFile: (path: string) => string,
): { values: Map<string[], unknown>; mistakes: Mistake[] } {
  const leaves = new Map(leafPaths(schema).map((leaf) => [PREFIX + leaf.path.join('_').toUpperCase(), leaf]));
  const values = new Map<string[], unknown>();
  const mistakes: Mistake[] = [];
  for (const [name, text] of Object.entries(environment)) {
    if (!name.startsWith(PREFIX) || RESERVED.has(name) || text === undefined) continue;
    const fromFile = !leaves.has(name) && name.endsWith('_FILE');
    const leaf = leaves.get(fromFile ? name.slice(0, -'_FILE'.length) : name);
    if (leaf === undefined) {
      mistakes.push({ path: name, message: 'is not the name of a setting' });
      continue;
    }
    try {
      const value = fromFile ? readFile(text).trim() : text;
      values.set(leaf.path, leaf.type === 'array' ? splitList(value) : value);
    } catch (error) {
      mistakes.push({ path: name, message: `cannot read the file it names: ${(error as Error).message}` });
    }
  }
  return { values, mistakes };
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
