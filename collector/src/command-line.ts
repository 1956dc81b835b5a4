import { parseArgs } from 'node:util';

export type Command =
  | { kind: 'run'; config: string | undefined; demo: boolean }
  | { kind: 'check_config'; config: string | undefined }
  | { kind: 'print'; text: string }
  | { kind: 'wrong'; message: string };

const HELP = `Signalbox: monitoring and logging for APIs and LLM services behind one OTLP endpoint.

  npm start                        run with safe defaults, data in ./data
  npm start -- --config FILE       read this file instead of signalbox.yaml
  npm start -- --check-config      print every mistake in the configuration and exit
  npm start -- --demo              also run a small shop that sends telemetry
  npm start -- --version
  npm start -- --help

Every key of the file can also be set in the environment: store.max_age_days is SIGNALBOX_STORE_MAX_AGE_DAYS,
and SIGNALBOX_TOKEN_FILE reads the token from a file. Apps send OTLP/HTTP to http://127.0.0.1:4318.
`;

/** Reads the arguments after the program's name. */
export function parseCommand(args: readonly string[], version: string): Command {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        config: { type: 'string' },
        'check-config': { type: 'boolean' },
        demo: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
      },
    });
    if (values.help) return { kind: 'print', text: HELP };
    if (values.version) return { kind: 'print', text: `signalbox ${version}\n` };
    if (values['check-config']) return { kind: 'check_config', config: values.config };
    return { kind: 'run', config: values.config, demo: values.demo ?? false };
  } catch (error) {
    return { kind: 'wrong', message: `${(error as Error).message}\nTry: npm start -- --help` };
  }
}
