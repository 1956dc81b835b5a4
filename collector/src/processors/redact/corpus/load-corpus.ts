import { readdirSync, readFileSync } from 'node:fs';

const OPEN = '⟦';
const CLOSE = '⟧';
const BREAKER = /·/g;
const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', '\\': '\\' };
const KINDS = ['credential', 'personal', 'user_id', 'plain'] as const;
const WITHOUT_ADDRESSES = 'negatives.txt';
const WITH_ADDRESSES = 'negatives-with-ip.txt';
const OTHERS = [WITHOUT_ADDRESSES, WITH_ADDRESSES, 'keys.txt'];

interface Secret {
  start: number;
  end: number;
  value: string;
}

interface Positive {
  category: string;
  text: string;
  secrets: Secret[];
}

interface Key {
  kind: (typeof KINDS)[number];
  key: string;
}

/** Texts that hold secrets; the offsets count UTF-16 units of `text`, which has no markers and breakers. */
export function loadPositives(): Positive[] {
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.txt'));
  return files
    .filter((name) => !OTHERS.includes(name))
    .sort()
    .flatMap((file) =>
      readLines(file).map(({ line, where }) => {
        const parsed = parseLine(line, where);
        if (parsed.secrets.length === 0) throw new Error(`${where}: no secret is marked`);
        return { category: file.slice(0, -'.txt'.length), ...parsed };
      }),
    );
}

/**
 * Texts without any secret, of which a rule must change nothing. Pass `without` while the ip category is on:
 * it leaves out the texts that name IP addresses.
 */
export function loadNegatives(addresses: 'with' | 'without' = 'with'): string[] {
  const files = addresses === 'with' ? [WITHOUT_ADDRESSES, WITH_ADDRESSES] : [WITHOUT_ADDRESSES];
  return files.flatMap((file) =>
    readLines(file).map(({ line, where }) => {
      const { text, secrets } = parseLine(line, where);
      if (secrets.length > 0) throw new Error(`${where}: a negative marks a secret`);
      return text;
    }),
  );
}

/** Attribute keys with the treatment that each must get. */
export function loadKeys(): Key[] {
  return readLines('keys.txt').map(({ line, where }) => {
    const [word, key, ...rest] = line.split('\t');
    const kind = KINDS.find((known) => known === word);
    if (!kind) throw new Error(`${where}: kind must be one of ${KINDS.join(', ')}`);
    if (!key || rest.length > 0) throw new Error(`${where}: expected kind<TAB>key`);
    return { kind, key };
  });
}

function readLines(file: string): { line: string; where: string }[] {
  const lines = readFileSync(`${import.meta.dirname}/${file}`, 'utf8').split('\n');
  return lines
    .map((line, index) => ({ line, where: `${file}:${index + 1}` }))
    .filter(({ line }) => line !== '' && !line.startsWith('# '));
}

function parseLine(raw: string, where: string): { text: string; secrets: Secret[] } {
  const secrets: Secret[] = [];
  let text = '';
  let start = -1;
  // Breakers go first, so that one may stand between a backslash and its letter.
  for (const [piece] of raw.replace(BREAKER, '').matchAll(/\\.?|[^\\]/gsu)) {
    if (piece === OPEN) {
      if (start >= 0) throw new Error(`${where}: ${OPEN} inside a marked secret`);
      start = text.length;
    } else if (piece === CLOSE) {
      if (start < 0) throw new Error(`${where}: ${CLOSE} without ${OPEN}`);
      if (start === text.length) throw new Error(`${where}: an empty secret`);
      secrets.push({ start, end: text.length, value: text.slice(start) });
      start = -1;
    } else {
      text += piece.startsWith('\\') ? unescaped(piece, where) : piece;
    }
  }
  if (start >= 0) throw new Error(`${where}: ${OPEN} without ${CLOSE}`);
  return { text, secrets };
}

function unescaped(piece: string, where: string): string {
  const character = ESCAPES[piece.slice(1)];
  if (character === undefined) throw new Error(`${where}: unknown escape ${piece}`);
  return character;
}
