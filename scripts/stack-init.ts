import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { renderAlertmanager } from './stack-init/alertmanager.ts';
import { announce, SHOW_COMMAND, type Told } from './stack-init/announcement.ts';
import { makeSecrets, RENEWABLE, readSecret, SECRET_NAMES, type SecretName } from './stack-init/secrets.ts';
import { readSettings } from './stack-init/settings.ts';
import { giveVolumes, VOLUME_USERS, type VolumeUsers } from './stack-init/volumes.ts';
import { readIfThere, writeFor } from './stack-init/write-file.ts';

const HELP = `Prepares the volumes of docker-compose.yml before the other services start: their owners, tokens and
passwords, and Alertmanager's configuration. Running it again changes only what is missing or was set anew.

  docker compose up -d                                    runs it first
  docker compose logs init                                what it made, told once
  docker compose run --rm init --show                     addresses and passwords again
  docker compose run --rm init --renew operator-token     a new one; then docker compose restart collector

  --show            only tell, change nothing
  --renew NAME      ${RENEWABLE.join(', ')}; can be given more than once
  --root FOLDER     where the volumes are mounted, each under its name (default /stack)
  --help            show this
`;

const SMTP_PASSWORD = '/run/secrets/smtp-password';

export interface StackOptions {
  /** The folder with the volumes, and with `alertmanager`, the configuration of the repository. */
  root: string;
  renew: readonly SecretName[];
  environment: Readonly<Record<string, string | undefined>>;
  smtpPassword: string;
  users: VolumeUsers;
}

/** Makes what is missing and answers what to print. Throws with a message for the operator. */
export function prepareStack(options: StackOptions): string {
  const { environment, root, smtpPassword, users } = options;
  const settings = readSettings(environment, smtpPassword);
  giveVolumes(root, users);
  const made = makeSecrets(root, users.readers, options.renew);
  const config = join(root, 'alertmanager-config');
  const reader = users.readers['alertmanager-config']!;
  const source = readFileSync(join(root, 'alertmanager/alertmanager.yml'), 'utf8');
  writeFor(reader, join(config, 'smtp-password'), settings.mail?.password ?? '');
  const isChanged = writeFor(
    reader,
    join(config, 'alertmanager.yml'),
    renderAlertmanager(source, settings.mail),
  );
  return [
    made.length === 0 ? 'Everything is there already.' : `Made: ${made.join(', ')}.`,
    isChanged
      ? `Alertmanager's configuration was written${settings.mail === null ? '' : ', with mail'}.`
      : '',
    announce(settings, tell(root, made)),
    `  To see addresses and passwords again: ${SHOW_COMMAND}`,
  ]
    .filter((line) => line !== '')
    .join('\n');
}

/** Addresses and passwords as they are. Throws when they have not been made yet. */
export function showStack({
  environment,
  root,
  smtpPassword,
}: Omit<StackOptions, 'renew' | 'users'>): string {
  const told = tell(root, SECRET_NAMES);
  if (told['operator-token'] === undefined) throw new Error('Nothing was made yet: docker compose up -d');
  return announce(readSettings(environment, smtpPassword), told);
}

function tell(root: string, names: readonly SecretName[]): Told {
  return Object.fromEntries(names.map((name) => [name, readSecret(root, name) ?? undefined]));
}

function namesOf(words: readonly string[]): SecretName[] {
  return words.map((word) => {
    const name = RENEWABLE.find((known) => known === word);
    if (name === undefined)
      throw new Error(`"${word}" cannot be renewed; choose from ${RENEWABLE.join(', ')}`);
    return name;
  });
}

function main(): string {
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    options: {
      show: flag,
      help: flag,
      root: { type: 'string', default: '/stack' },
      renew: { type: 'string', multiple: true, default: [] },
    },
  });
  if (values.help) return HELP.trimEnd();
  const smtpPassword = (readIfThere(SMTP_PASSWORD) ?? '').trim();
  const given = { root: values.root, environment: process.env, smtpPassword };
  if (values.show) return showStack(given);
  return prepareStack({ ...given, renew: namesOf(values.renew), users: VOLUME_USERS });
}

if (import.meta.main) {
  try {
    process.stdout.write(`${main()}\n`);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
