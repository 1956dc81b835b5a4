import { describeRules } from '#processors/describe-redact.ts';
import { createFindRanges } from './redact/find-ranges.ts';
import { HELP, type RedactOptions, readOptions, UsageError } from './redact/options.ts';
import { tryOtlp } from './redact/otlp-run.ts';
import { openInput } from './redact/read-input.ts';
import { findHashKey, readConfig } from './redact/setup.ts';
import { createJsonTeller, type Teller } from './redact/tell.ts';
import { createPeopleTeller } from './redact/tell-people.ts';
import { tryText } from './redact/text-run.ts';
import { createTrial } from './redact/trial.ts';

const write = (text: string) => void process.stdout.write(text);
const writeError = (text: string) => void process.stderr.write(text);

function listRules({ config, json }: RedactOptions): void {
  const rules = describeRules(readConfig(config).redact);
  const width = Math.max(...rules.map(({ name }) => name.length));
  for (const { isOn, name, title } of rules) {
    const state = isOn ? 'on ' : 'off';
    write(
      json ? `${JSON.stringify({ name, title, on: isOn })}\n` : `${state}  ${name.padEnd(width)}  ${title}\n`,
    );
  }
}

/** Tries all files, and goes on after one that cannot be read. Answers the exit code. */
async function tryFiles(options: RedactOptions): Promise<number> {
  const config = readConfig(options.config);
  const { hashKey, note } = findHashKey(config);
  if (note !== '') writeError(`${note}\n`);
  const create = options.json ? createJsonTeller : createPeopleTeller;
  const tell: Teller = create({ showValues: options.showValues, write, writeError });
  const trial = createTrial(config, hashKey);
  const { key, service, signal } = options;
  const findRanges = createFindRanges(config, { hashKey, service: service || 'unknown_service' });
  for (const file of options.files) {
    try {
      const input = await openInput(file);
      const what =
        input.kind === 'text'
          ? await tryText(input, { trial, findRanges, service, key, tell })
          : await tryOtlp(input, { trial, signal, tell });
      tell.file(input.name, what);
    } catch (error) {
      tell.failure({ file: file === '-' ? 'standard input' : file, line: 0, text: (error as Error).message });
    }
  }
  tell.summary(trial.summary());
  return tell.failed ? 1 : 0;
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === null) {
    write(HELP);
    return 0;
  }
  if (options.command === 'try') return tryFiles(options);
  listRules(options);
  return 0;
}

if (import.meta.main) {
  // Who reads only the beginning, as head does, has what they want.
  process.stdout.on('error', () => process.exit(0));
  try {
    process.exitCode = await main();
  } catch (error) {
    writeError(`${(error as Error).message}\n`);
    if (error instanceof UsageError) writeError('Try: npm run redact -- --help\n');
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}
