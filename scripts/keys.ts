import { userInfo } from 'node:os';
import { createAuditLog } from '#access/audit/audit-log.ts';
import { loadConfig } from '#config/load.ts';
import type { Config } from '#config/schema.ts';
import { type KeyBook, type MadeKey, openKeyBook } from '#keys/key-book.ts';
import type { KeyRecord } from '#keys/key-record.ts';
import { loadUsage, usageFilePath } from '#keys/usage-file.ts';
import { HELP, type KeysCommand, readOptions, UsageError } from './keys/options.ts';
import { describeForJson, tellKey, tellKeys } from './keys/tell.ts';

const write = (text: string) => void process.stdout.write(text);

function readConfig({ config, dataDir }: KeysCommand): Config {
  const loaded = loadConfig({ file: config, environment: process.env });
  if (loaded.ok) return { ...loaded.config, data_dir: dataDir ?? loaded.config.data_dir };
  const told = loaded.mistakes.map(({ message, path }) => `  ${path}: ${message}`);
  throw new UsageError(`the configuration has mistakes:\n${told.join('\n')}`);
}

/** Into the record of who did what. */
async function record({ access, data_dir }: Config, action: string, { id, name }: KeyRecord): Promise<void> {
  const limits = { maxAgeDays: access.audit.max_age_days, maxBytes: access.audit.max_bytes };
  const log = createAuditLog(data_dir, limits, {
    nowMs: Date.now,
    onFailedWrite: (error) => process.stderr.write(`This could not be recorded: ${String(error)}\n`),
  });
  const act = {
    action: `npm run keys: ${action}`,
    target: `${name} (${id})`,
    outcome: 'ok',
    status: 0,
  } as const;
  await log.record({ who: userInfo().username, kind: 'command', role: null, address: '', ...act });
  await log.close();
}

function tellMade(made: MadeKey, { json }: KeysCommand): void {
  const { key, record } = made;
  write(json ? `${JSON.stringify({ key, ...describeForJson(record, undefined) })}\n` : tellKey(made));
}

async function list(dataDir: string, { json }: KeysCommand): Promise<void> {
  const keys = openKeyBook(dataDir).list();
  const usage = await loadUsage(usageFilePath(dataDir));
  if (json) write(`${JSON.stringify(keys.map((key) => describeForJson(key, usage.get(key.id))))}\n`);
  else write(keys.length === 0 ? `No keys in ${dataDir}.\n` : tellKeys(keys, usage));
}

async function change(command: Exclude<KeysCommand, { kind: 'list' }>, book: KeyBook): Promise<KeyRecord> {
  if (command.kind === 'revoke') {
    const revoked = await book.revoke(command.id);
    write(
      command.json
        ? `${JSON.stringify(describeForJson(revoked, undefined))}\n`
        : `The key ${revoked.id} (${revoked.name}) is revoked.\n`,
    );
    return revoked;
  }
  const made =
    command.kind === 'create' ? await create(command, book) : await book.rotate(command.id, command);
  tellMade(made, command);
  return made.record;
}

function create(command: Extract<KeysCommand, { kind: 'create' }>, book: KeyBook): Promise<MadeKey> {
  const { expiresInMs, limits, name, tenant } = command;
  const expiresUnixMs = expiresInMs === null ? null : Date.now() + expiresInMs;
  return book.create({ name, tenant, limits, expiresUnixMs, createdBy: userInfo().username });
}

async function main(): Promise<void> {
  const command = readOptions(process.argv.slice(2));
  if (command === null) return write(HELP);
  const config = readConfig(command);
  if (command.kind === 'list') return list(config.data_dir, command);
  await record(config, command.kind, await change(command, openKeyBook(config.data_dir)));
}

if (import.meta.main) {
  // Who reads only the beginning, as head does, has what they want.
  process.stdout.on('error', () => process.exit(0));
  try {
    await main();
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    if (error instanceof UsageError) process.stderr.write('Try: npm run keys -- --help\n');
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}
