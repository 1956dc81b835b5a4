import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { loadConfig } from '#config/load.ts';
import { SIGNALS, type Signal } from '#core/signal.ts';
import {
  countMarked,
  type LetterBox,
  markAll,
  openBoxes,
  requireDestination,
  watchedAgoMs,
} from './letter-boxes.ts';

const help = `Sends again what a destination refused for good and what is kept in the dead-letter folder since.
Signalbox has to be running on the same data folder: it is what sends.

  npm run replay -- --list                   what is kept, and why
  npm run replay -- --destination NAME       send it again, and wait until that is done

  --destination NAME  store, otlp or another exporter
  --signal SIGNAL     only ${SIGNALS.join(', ').replace(/, (?=\w+$)/, ' or ')}
  --data-dir FOLDER   the data folder of Signalbox (default: as configured, else ./data)
  --wait SECONDS      how long to wait for it to be done (default 60); what is left is sent all the same
  --help              show this
`;

const STEP_MS = 500;
// Signalbox looks every 5 seconds.
const UNWATCHED_MS = 20_000;
const MAX_REASONS = 3;

/** Where the lines go, and how time passes. */
export interface ReplayDeps {
  say(line: string): void;
  sleep(ms: number): Promise<unknown>;
}

/** What the command line asks for. */
export interface ReplayOptions {
  dataDir: string;
  destination?: string | undefined;
  signal?: Signal | undefined;
  waitMs: number;
}

/** Says what is kept in the dead-letter folder, and why. */
export async function list(options: ReplayOptions, { say }: ReplayDeps): Promise<number> {
  const boxes = await openBoxes(options.dataDir, options);
  if (boxes.length === 0) say(`No dead letters in ${options.dataDir}.`);
  for (const box of boxes) {
    say(`${box.destination} ${box.signal}: ${amount(box)}`);
    for (const [reason, items] of reasonsOf(box)) say(`  ${itemsText(items)}: ${reason}`);
  }
  return 0;
}

/** Marks the letters and watches them go. Answers the exit code: 0 when all were taken. */
export async function replay(options: ReplayOptions, deps: ReplayDeps): Promise<number> {
  const boxes = await openBoxes(options.dataDir, options);
  if (boxes.length === 0) {
    deps.say(`Nothing to send again: no dead letters of ${options.destination} in ${options.dataDir}.`);
    return 0;
  }
  let code = 0;
  for (const box of boxes) {
    await markAll(box);
    deps.say(`${box.destination} ${box.signal}: ${amount(box)} to be sent again`);
  }
  for (const box of boxes) code = Math.max(code, await watchBox(box, options, deps));
  return code;
}

async function watchBox(
  box: LetterBox,
  options: ReplayOptions,
  { say, sleep: pause }: ReplayDeps,
): Promise<number> {
  const title = `${box.destination} ${box.signal}`;
  let before = box.letters.length;
  for (let waitedMs = 0; ; waitedMs += STEP_MS) {
    const left = await countMarked(box);
    if (left === 0) return tellEnd(title, (await openBoxes(options.dataDir, box))[0], say);
    if (left !== before && waitedMs > 0) say(`${title}: ${left} to go`);
    before = left;
    const isUnwatched = waitedMs >= UNWATCHED_MS && (await watchedAgoMs(box)) > UNWATCHED_MS;
    if (isUnwatched || waitedMs >= options.waitMs) {
      const nobody = (await watchedAgoMs(box)) > UNWATCHED_MS;
      say(
        `${title}: ${nobody ? nobodyLooks(box) : 'not done yet; the destination may be away, see /data in the console.'}`,
      );
      say(`${left} stay marked and are sent as soon as that is possible.`);
      return 1;
    }
    await pause(STEP_MS);
  }
}

function nobodyLooks({ destination, folder }: LetterBox): string {
  return `nobody looks into ${folder}: Signalbox is not running on this data folder, or ${destination} is switched off.`;
}

function tellEnd(title: string, now: LetterBox | undefined, say: ReplayDeps['say']): number {
  if (now === undefined) {
    say(`${title}: done, all of it was taken`);
    return 0;
  }
  say(`${title}: done; kept still: ${amount(now)}`);
  for (const [reason, items] of reasonsOf(now)) say(`  ${itemsText(items)}: ${reason}`);
  return 1;
}

function itemsText(items: number): string {
  return `${items} ${items === 1 ? 'item' : 'items'}`;
}

function amount({ letters }: LetterBox): string {
  const items = letters.reduce((sum, letter) => sum + letter.items, 0);
  return `${itemsText(items)} in ${letters.length} ${letters.length === 1 ? 'letter' : 'letters'}`;
}

function reasonsOf({ letters }: LetterBox): [reason: string, items: number][] {
  const reasons = new Map<string, number>();
  for (const { reason, items } of letters) reasons.set(reason, (reasons.get(reason) ?? 0) + items);
  return [...reasons].sort((a, b) => b[1] - a[1]).slice(0, MAX_REASONS);
}

function signalOf(word: string | undefined): Signal | undefined {
  if (word === undefined) return undefined;
  const signal = SIGNALS.find((each) => each === word);
  if (signal === undefined) throw new Error(`--signal must be one of ${SIGNALS.join(', ')}, not "${word}"`);
  return signal;
}

function waitOf(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && seconds >= 0 && seconds <= 1_000_000) return seconds * 1000;
  throw new Error(`--wait must be a number of seconds, not "${text}"`);
}

function configuredDataDir(): string {
  const loaded = loadConfig({ file: undefined, environment: process.env });
  if (loaded.ok) return loaded.config.data_dir;
  const told = loaded.mistakes.map(({ message, path }) => `  ${path}: ${message}`);
  throw new Error(
    `The configuration has mistakes; mend them or name the folder with --data-dir:\n${told.join('\n')}`,
  );
}

async function main(): Promise<number> {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    options: { destination: text, signal: text, 'data-dir': text, wait: text, list: flag, help: flag },
  });
  const deps: ReplayDeps = { say: (line) => void process.stdout.write(`${line}\n`), sleep };
  if (values.help || (!values.list && values.destination === undefined)) {
    deps.say(help.trimEnd());
    return values.help ? 0 : 1;
  }
  const options: ReplayOptions = {
    dataDir: values['data-dir'] ?? configuredDataDir(),
    destination: values.destination === undefined ? undefined : requireDestination(values.destination),
    signal: signalOf(values.signal),
    waitMs: waitOf(values.wait ?? '60'),
  };
  return values.list ? list(options, deps) : replay(options, deps);
}

if (import.meta.main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
