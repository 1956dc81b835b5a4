import type { Found, TextRange } from '../rule.ts';
import { byteAt, contextBefore, equalsAt, isRedactedAt, latin1 } from './bytes.ts';

/** A flag of command lines with a password, and the commands that mean one by it. */
interface Flag {
  flag: string;
  commands: RegExp;
  /** The value is `user:password`. */
  isPair?: boolean;
  /** Commands that want the value right behind the flag. */
  attached?: RegExp;
}

const CONTEXT_BYTES = 160;
const VALUE_MAX_BYTES = 256;
const LOGIN = 'docker|podman|nerdctl|buildah|skopeo|crane|helm|oc|az|cf|argocd|oras';
const MYSQL = 'mysql(?:dump|admin|import|check|show|sh)?|mariadb(?:-\\w+)?';

const FLAGS: readonly Flag[] = [
  { flag: '-u', isPair: true, commands: /\bcurl\b/ },
  { flag: '--user', isPair: true, commands: /\bcurl\b/ },
  {
    flag: '-p',
    commands: new RegExp(
      `\\b(?:(?:${LOGIN})\\b.*\\blogin|useradd|usermod|sshpass|mongo(?:sh|dump|restore|export|import)?|cqlsh|rabbitmqadmin)\\b`,
    ),
    attached: new RegExp(`\\b(?:${MYSQL}|sshpass|7z)\\b`),
  },
  { flag: '-a', commands: /\b(?:redis|valkey|keydb)-cli\b/ },
  { flag: '-w', commands: /\bldap(?:search|add|modify|delete|passwd|whoami|compare)\b/ },
  { flag: '-P', commands: /\b(?:sqlcmd|bcp|osql|unzip)\b/ },
];
const QUOTES = ['"', "'"] as const;

/** The texts that the rule looks for: the flags in a line, and in a list of arguments. */
export const FLAG_ANCHORS: readonly string[] = FLAGS.flatMap(({ flag }) =>
  [' ', ...QUOTES].map((before) => before + flag),
);

/** Between a flag and its value: a space or an equals sign, or the comma of a list. */
const GAP = /^(?:['"], ?(?<list>["'])|(?:[ \t]{1,2}|=)(?<quote>\\*["'])?)/;
const NO_VALUE = /^(?:[-$<{%*[(]|\d{1,5}(?::\d{1,5})?$|.{0,2}$|(?:true|false|null|password|pass)$)/i;
const PLAIN_USER = /^[a-z_.-]{1,32}\d{0,6}[a-z_.-]{0,16}:$/i;
const PAIR = /^[^\s:]{1,128}:(?=.)/;

/** What the value at `start` is, up to its quote or to what ends a word. */
function valueAt(text: TextRange, start: number, quote: string): string {
  const seen = latin1(text, start, start + VALUE_MAX_BYTES);
  if (quote === '') return /^[^\s"'`|;&<>]*/.exec(seen)![0];
  const end = seen.indexOf(quote);
  return end < 0 ? seen : seen.slice(0, end);
}

/** The command line before `at`, of this command alone. */
function commandBefore(text: TextRange, at: number): string {
  return contextBefore(text, at, CONTEXT_BYTES)
    .split(/[|;&\n]/)
    .at(-1)!;
}

/** Whether a password follows the flag at `anchorAt`; fills `found` with it alone. */
export function findAfterFlag(text: TextRange, anchorAt: number, found: Found): boolean {
  const flag = FLAGS.find((candidate) => equalsAt(text, anchorAt + 1, candidate.flag));
  if (!flag) return false;
  const flagEnd = anchorAt + 1 + flag.flag.length;
  const gap = GAP.exec(latin1(text, flagEnd, flagEnd + 24));
  const commands = gap ? flag.commands : flag.attached;
  if (!commands || (!gap && byteAt(text, anchorAt) !== 0x20)) return false;
  let start = flagEnd + (gap?.[0].length ?? 0);
  let value = valueAt(text, start, gap?.groups?.list ?? gap?.groups?.quote ?? '');
  if (isRedactedAt(text, start) || value.includes('[redacted:')) return false;
  if (flag.isPair) {
    const user = PAIR.exec(value)?.[0];
    if (!user) return false;
    // Any other name may be an address or a key of its own, and goes along.
    if (PLAIN_USER.test(user)) {
      start += user.length;
      value = value.slice(user.length);
    }
  }
  if (isRedactedAt(text, start) || NO_VALUE.test(value)) return false;
  if (!commands.test(commandBefore(text, anchorAt))) return false;
  found.start = start;
  found.end = start + value.length;
  return true;
}
