import { userInfo } from 'node:os';
import { createApiTokens } from '#access/api-tokens.ts';
import { createAuditLog } from '#access/audit/audit-log.ts';
import { createQueue } from '#access/hash-queue.ts';
import { openPeopleFile } from '#access/people-file.ts';
import { createUsers } from '#access/users.ts';
import { loadConfig } from '#config/load.ts';
import type { Config } from '#config/schema.ts';
import { type Command, UsageError, type UserCommand } from './command.ts';
import { readPassword } from './read-password.ts';
import { tokenTable, userTable } from './tables.ts';

const DAY_MS = 86_400_000;

/** Does it, records it, and answers with what to print. Throws UsageError, AccessError or OperatorError. */
export async function runCommand(command: Command): Promise<string> {
  const config = readConfig(command.config);
  const file = openPeopleFile(config.data_dir);
  const parts = {
    users: createUsers({ file, nowMs: Date.now, queue: createQueue({ atOnce: 1, waiting: 0 }) }),
    tokens: createApiTokens({ file, nowMs: Date.now }),
  };
  const { target, text } = await act(command, parts);
  if (target !== null) await record(config, command.kind, target);
  return text;
}

interface Done {
  /** For the audit record; null when nothing was changed. */
  target: string | null;
  text: string;
}

type Parts = { users: ReturnType<typeof createUsers>; tokens: ReturnType<typeof createApiTokens> };

async function act(command: UserCommand, { tokens, users }: Parts): Promise<Done> {
  switch (command.kind) {
    case 'list':
      return { target: null, text: userTable(users.list()) };
    case 'add': {
      const { name, role } = await users.add({ ...command, password: await readPassword() });
      return { target: `${name} (${role})`, text: `${name} is ${role} and can log in now.\n` };
    }
    case 'password':
      return changed(
        await users.change(command.name, { password: await readPassword() }),
        'has a new password',
      );
    case 'role':
      return changed(await users.change(command.name, { role: command.role }), `is ${command.role} now`);
    case 'disable':
      return changed(await users.change(command.name, { isDisabled: true }), 'can no longer log in');
    case 'enable':
      return changed(await users.change(command.name, { isDisabled: false }), 'can log in again');
    case 'remove':
      await users.remove(command.name);
      return { target: command.name, text: `${command.name} is removed.\n` };
    case 'token list':
      return { target: null, text: tokenTable(tokens.list(), Date.now()) };
    case 'token create': {
      const expiresUnixMs = command.days === null ? null : Date.now() + command.days * DAY_MS;
      const { record, token } = await tokens.create({ ...command, expiresUnixMs });
      return { target: `${record.name} (${record.id})`, text: `${token}\n` };
    }
    case 'token revoke': {
      const { id, name } = await tokens.revoke(command.id);
      return { target: `${name} (${id})`, text: `The token ${name} is revoked.\n` };
    }
    default:
      return { target: null, text: '' };
  }
}

function changed({ name, role }: { name: string; role: string }, what: string): Done {
  return { target: `${name} (${role})`, text: `${name} ${what}. Their sessions have ended.\n` };
}

async function record({ access, data_dir }: Config, action: string, target: string): Promise<void> {
  const limits = { maxAgeDays: access.audit.max_age_days, maxBytes: access.audit.max_bytes };
  const log = createAuditLog(data_dir, limits, {
    nowMs: Date.now,
    onFailedWrite: (error) => process.stderr.write(`This could not be recorded: ${String(error)}\n`),
  });
  const who = userInfo().username;
  const act = { action: `npm run users: ${action}`, target, outcome: 'ok', status: 0 } as const;
  await log.record({ who, kind: 'command', role: null, address: '', ...act });
  await log.close();
}

function readConfig(file: string | undefined): Config {
  const loaded = loadConfig({ file, environment: process.env });
  if (loaded.ok) return loaded.config;
  const told = loaded.mistakes.map(({ message, path }) => `  ${path}: ${message}`);
  throw new UsageError(`The configuration has mistakes:\n${told.join('\n')}`);
}
