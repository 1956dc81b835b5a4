import { parse } from 'yaml';

/** As much of the configuration's JSON Schema as documents can be checked against. */
export interface SettingNode {
  default?: unknown;
  properties?: Record<string, SettingNode>;
}

export interface DocFacts {
  /** Whether a path, relative to the repository's root, exists. */
  exists(path: string): boolean;
  /** Folders and files at the root, so that `collector/x.ts` is known to be a path and `a/b` is not. */
  rootNames: ReadonlySet<string>;
  settings: SettingNode;
}

export interface DocMistake {
  line: number;
  message: string;
}

interface DocLine {
  number: number;
  text: string;
}

const LINK = /\]\(([^)\s]+)\)/g;
const CODE = /`([^`\n]+)`/g;
const URL_SCHEME = /^[a-z][a-z0-9+.-]*:/i;
/** Made by building or running; not in a fresh clone. */
const MADE_LATER = /(^|\/)(node_modules|dist|data|\.cache)(\/|$)/;

/**
 * What a Markdown document claims and is not so: links and paths in code marks that do not exist, settings
 * (`section.key`, `SIGNALBOX_SECTION_KEY`, keys in yaml blocks) that the configuration does not have.
 * `path` is the document's own, relative to the root.
 */
export function findDocMistakes(path: string, text: string, facts: DocFacts): DocMistake[] {
  const prose: DocLine[] = [];
  const blocks: { language: string; start: number; lines: string[] }[] = [];
  let block: (typeof blocks)[number] | null = null;
  text.split('\n').forEach((line, index) => {
    const fence = /^\s*```(\w*)/.exec(line);
    if (fence !== null) {
      if (block === null) block = { language: fence[1] ?? '', start: index + 1, lines: [] };
      else {
        blocks.push(block);
        block = null;
      }
    } else if (block !== null) block.lines.push(line);
    else prose.push({ number: index + 1, text: line });
  });
  return [
    ...prose.flatMap((line) => linkMistakes(path, line, facts)),
    ...prose.flatMap((line) => codeMistakes(line, facts)),
    ...blocks.flatMap(({ language, start, lines }) =>
      language === 'yaml' ? yamlMistakes(start, lines.join('\n'), facts.settings) : [],
    ),
  ];
}

/** Ports in the first column of tables that are no default of the configuration, and defaults in no table. */
export function findPortMistakes(text: string, settings: SettingNode): DocMistake[] {
  const defaults = new Set(portDefaults(settings));
  const named = text.split('\n').flatMap((row, index) => {
    const port = /^\|\s*`?(\d{4,5})`?\s*\|/.exec(row)?.[1];
    return port === undefined ? [] : [{ line: index + 1, port: Number(port) }];
  });
  const wrong = named
    .filter(({ port }) => !defaults.has(port))
    .map(({ line, port }) => ({ line, message: `port ${port} is no default of the configuration` }));
  const missing = [...defaults]
    .filter((port) => !named.some((entry) => entry.port === port))
    .map((port) => ({ line: 1, message: `the default port ${port} is in no table` }));
  return [...wrong, ...missing];
}

function linkMistakes(path: string, { number, text }: DocLine, facts: DocFacts): DocMistake[] {
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : '';
  return [...text.matchAll(LINK)]
    .map(([, target = '']) => target.replace(/[#?].*$/, ''))
    .filter((target) => target !== '' && !URL_SCHEME.test(target))
    .filter((target) => !facts.exists(target.startsWith('/') ? target.slice(1) : folder + target))
    .map((target) => ({ line: number, message: `the link leads nowhere: ${target}` }));
}

function codeMistakes({ number, text }: DocLine, facts: DocFacts): DocMistake[] {
  return [...text.matchAll(CODE)].flatMap(([, code = '']) => {
    const message = pathMistake(code, facts) ?? settingMistake(code, facts.settings);
    return message === null ? [] : [{ line: number, message }];
  });
}

function pathMistake(code: string, facts: DocFacts): string | null {
  const path = code.replace(/^\.\//, '').replace(/:\d+$/, '');
  if (!/^[\w.@-]+(\/[\w.@-]+)+\/?$/.test(path) || MADE_LATER.test(path)) return null;
  if (!facts.rootNames.has(path.split('/', 1)[0] ?? '')) return null;
  return facts.exists(path) ? null : `no such path: ${code}`;
}

function settingMistake(code: string, settings: SettingNode): string | null {
  const variable = /^(SIGNALBOX_[A-Z0-9_]+)(?:=.*)?$/.exec(code)?.[1];
  if (variable !== undefined) {
    const names = new Set(leaves(settings).map((path) => `SIGNALBOX_${path.join('_').toUpperCase()}`));
    const isKnown =
      names.has(variable) || names.has(variable.replace(/_FILE$/, '')) || variable === 'SIGNALBOX_CONFIG';
    return isKnown ? null : `no such setting: ${code}`;
  }
  const path = code.split('.');
  const section = settings.properties?.[path[0] ?? ''];
  const isSetting = path.length > 1 && section?.properties !== undefined && /^[a-z_.]+$/.test(code);
  return !isSetting || nodeAt(settings, path) !== undefined ? null : `no such setting: ${code}`;
}

function yamlMistakes(start: number, text: string, settings: SettingNode): DocMistake[] {
  let value: unknown;
  try {
    value = parse(text);
  } catch {
    return [{ line: start, message: 'the yaml block cannot be read' }];
  }
  const isOurs =
    isObject(value) && Object.keys(value).some((key) => settings.properties?.[key] !== undefined);
  if (!isOurs) return [];
  return unknownKeys(value, settings).map((key) => ({ line: start, message: `no such setting: ${key}` }));
}

function unknownKeys(value: unknown, node: SettingNode, path = ''): string[] {
  if (!isObject(value) || node.properties === undefined) return [];
  const known = node.properties;
  return Object.entries(value).flatMap(([key, inner]) => {
    const child = known[key];
    return child === undefined ? [path + key] : unknownKeys(inner, child, `${path}${key}.`);
  });
}

function nodeAt(settings: SettingNode, path: readonly string[]): SettingNode | undefined {
  return path.reduce<SettingNode | undefined>((node, key) => node?.properties?.[key], settings);
}

function leaves(node: SettingNode, path: string[] = []): string[][] {
  if (node.properties === undefined) return [path];
  return Object.entries(node.properties).flatMap(([key, child]) => leaves(child, [...path, key]));
}

function portDefaults(settings: SettingNode): number[] {
  return leaves(settings)
    .filter((path) => path.at(-1) === 'port')
    .map((path) => Number(nodeAt(settings, path)?.default));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
