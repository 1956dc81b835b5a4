import { AccessError } from '#access/refusal.ts';
import { OperatorError } from '#core/errors.ts';
import { HELP, readCommand, UsageError } from './users/command.ts';
import { runCommand } from './users/run-command.ts';

async function main(): Promise<number> {
  const command = readCommand(process.argv.slice(2));
  if (command.kind === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  process.stdout.write(await runCommand(command));
  return 0;
}

function complain(error: unknown): number {
  const isTheirs = [UsageError, AccessError, OperatorError].some((kind) => error instanceof kind);
  process.stderr.write(`${isTheirs ? (error as Error).message : (error as Error).stack}\n`);
  return 1;
}

process.exitCode = await main().catch(complain);
