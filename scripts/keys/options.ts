import { parseArgs } from 'node:util';
import { type KeyLimits, NO_OWN_LIMITS } from '#keys/key-record.ts';
import { readAmount, readDuration } from './amounts.ts';

export const HELP = `Makes and manages the API keys of senders. Signalbox may run meanwhile, and sees a change within a second.

  npm run keys -- create NAME      make a key and show it, this once
  npm run keys -- list             all keys, and what they were used for up to a minute ago
  npm run keys -- rotate ID        make a new key in the place of this one, which holds for a day more
  npm run keys -- revoke ID        end a key at once and for good

  --tenant NAME             whose data is sent with the key (default: the default tenant)
  --expires TIME            the key ends after this: 90d, 12h (default: never)
  --items-per-second N      most spans, log records and data points a second; 0: no limit
  --bytes-per-second N      most bytes a second over the wire, also as 500k or 2M; 0: no limit
  --burst-seconds N         as much as comes in so many seconds may come at once
  --items-per-day N         most items a day (UTC); 0: no limit
                            (limits that are left out: as configured in keys.limits)
  --grace TIME              of rotate: how long the old key still holds: 24h, 7d, 0 (default 24h)
  --json                    print JSON, also for create and rotate
  --config FILE             the configuration (default: as Signalbox reads it)
  --data-dir FOLDER         the data folder of Signalbox (default: as configured, else ./data)
  --help                    show this
`;

/** Something is wrong with what was asked for; for the person at the command line. */
export class UsageError extends Error {}

interface Place {
  config: string | undefined;
  dataDir: string | undefined;
  json: boolean;
}

export type KeysCommand = Place &
  (
    | { kind: 'create'; name: string; tenant: string; expiresInMs: number | null; limits: KeyLimits }
    | { kind: 'list' }
    | { kind: 'rotate'; id: string; graceMs: number }
    | { kind: 'revoke'; id: string }
  );

const COMMANDS = ['create', 'list', 'rotate', 'revoke'] as const;
const DAY_MS = 86_400_000;
/** Which options say something to which command; the others would be passed over without a word. */
const LIMIT_OPTIONS = ['items-per-second', 'bytes-per-second', 'burst-seconds', 'items-per-day'] as const;
const OPTIONS_OF: Record<(typeof COMMANDS)[number], readonly string[]> = {
  create: ['tenant', 'expires', ...LIMIT_OPTIONS],
  list: [],
  rotate: ['grace'],
  revoke: [],
};
const EVERYWHERE = ['json', 'config', 'data-dir', 'help'];

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const options = {
    tenant: text,
    expires: text,
    'items-per-second': text,
    'bytes-per-second': text,
    'burst-seconds': text,
    'items-per-day': text,
    grace: text,
    json: flag,
    config: text,
    'data-dir': text,
    help: { ...flag, short: 'h' },
  } as const;
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

type Values = ReturnType<typeof parse>['values'];

/** Reads the arguments after the program's name; null when help is asked for. Throws UsageError. */
export function readOptions(args: readonly string[]): KeysCommand | null {
  const { positionals, values } = parse(args);
  if (values.help) return null;
  const [word, subject, ...more] = positionals;
  const kind = COMMANDS.find((command) => command === word);
  if (kind === undefined) {
    throw new UsageError(`say ${COMMANDS.join(', ').replace(/, (?=\w+$)/, ' or ')}, not "${word ?? ''}"`);
  }
  refuseOthers(kind, values);
  const place = { config: values.config, dataDir: values['data-dir'], json: values.json };
  if (kind === 'list') {
    if (subject !== undefined) throw new UsageError('list takes nothing more');
    return { ...place, kind };
  }
  if (subject === undefined || more.length > 0) {
    throw new UsageError(
      kind === 'create' ? 'name the key, in quotes if it has spaces' : `${kind} takes one id`,
    );
  }
  if (kind === 'revoke') return { ...place, kind, id: subject };
  if (kind === 'rotate') {
    return { ...place, kind, id: subject, graceMs: duration('grace', values.grace) ?? DAY_MS };
  }
  const expiresInMs = duration('expires', values.expires);
  return {
    ...place,
    kind,
    name: subject,
    tenant: values.tenant ?? '',
    expiresInMs,
    limits: limitsIn(values),
  };
}

function refuseOthers(kind: (typeof COMMANDS)[number], values: Values): void {
  const known = [...OPTIONS_OF[kind], ...EVERYWHERE];
  const other = Object.keys(values).find((option) => !known.includes(option));
  if (other !== undefined) throw new UsageError(`--${other} says nothing to ${kind}`);
}

function limitsIn(values: Values): KeyLimits {
  return {
    ...NO_OWN_LIMITS,
    itemsPerSecond: amount('items-per-second', values),
    bytesPerSecond: amount('bytes-per-second', values),
    burstSeconds: amount('burst-seconds', values),
    itemsPerDay: amount('items-per-day', values),
  };
}

function amount(option: (typeof LIMIT_OPTIONS)[number], values: Values): number | null {
  const text = values[option];
  if (text === undefined) return null;
  const read = readAmount(text);
  const isBurst = option === 'burst-seconds';
  if (read !== null && (!isBurst || (read >= 1 && read <= 3600))) return read;
  throw new UsageError(
    `--${option} must be ${isBurst ? 'seconds from 1 to 3600' : 'a whole number such as 5000, 500k or 2M'}, not "${text}"`,
  );
}

function duration(option: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const ms = readDuration(text);
  if (ms === null) throw new UsageError(`--${option} must be a time such as 30m, 24h or 90d, not "${text}"`);
  return ms;
}
