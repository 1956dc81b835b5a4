import { parseArgs } from 'node:util';
import { SIGNALS, type Signal } from '#core/signal.ts';

export const HELP = `Shows what the processors would change in telemetry or log files; nothing is sent or written.

  npm run redact -- try FILE...    FILE is OTLP/JSON (one request, or one a line), OTLP protobuf or plain text, whose
                                   lines are taken for log records; - is standard input
  npm run redact -- rules          all rules, and whether they are on

  --config FILE    the configuration (default: as Signalbox reads it, signalbox.yaml and the environment)
  --service NAME   whose log lines they are (default: unknown_service)
  --key KEY        the lines are values of this attribute, not bodies of log records
  --signal SIGNAL  of protobuf: ${SIGNALS.join(', ').replace(/, (?=\w+$)/, ' or ')}; needed when that cannot be told
  --show-values    print what was found as well, secrets and all
  --json           one JSON object a line, the summary last
  --help           show this

Sampling and dropping are counted in the summary only; rate limits are left out. Ends with 0 when done, with 1 when a
file could not be read, with 2 when it was asked wrongly.
`;

export interface RedactOptions {
  command: 'try' | 'rules';
  files: string[];
  config: string | undefined;
  service: string;
  key: string;
  signal: Signal | undefined;
  showValues: boolean;
  json: boolean;
}

/** Something is wrong with what was asked for; for the person at the command line. */
export class UsageError extends Error {}

function signalOf(word: string | undefined): Signal | undefined {
  const signal = SIGNALS.find((each) => each === word);
  if (word !== undefined && signal === undefined)
    throw new UsageError(`--signal must be one of ${SIGNALS.join(', ')}, not "${word}"`);
  return signal;
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const options = {
    config: text,
    service: text,
    key: text,
    signal: text,
    'show-values': flag,
    json: flag,
    help: { ...flag, short: 'h' },
  } as const;
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** Reads the arguments after the program's name; null when help is asked for. Throws UsageError. */
export function readOptions(args: readonly string[]): RedactOptions | null {
  const { positionals, values } = parse(args);
  if (values.help) return null;
  const [command, ...files] = positionals;
  if (command !== 'try' && command !== 'rules')
    throw new UsageError(
      command === undefined ? 'say try or rules' : `"${command}" is neither try nor rules`,
    );
  if (command === 'try' && files.length === 0) throw new UsageError('name a file, or - for standard input');
  if (command === 'rules' && files.length > 0) throw new UsageError('rules takes no files');
  if (files.filter((file) => file === '-').length > 1) throw new UsageError('- can be read only once');
  return {
    command,
    files,
    config: values.config,
    service: values.service ?? '',
    key: values.key ?? '',
    signal: signalOf(values.signal),
    showValues: values['show-values'],
    json: values.json,
  };
}
