import { UsageError } from './command.ts';

const MAX_BYTES = 4096;
const ENTER = new Set(['\r', '\n', '\u0004']);
const CANCEL = '\u0003';
const ERASE = new Set(['\u007f', '\b']);

/** Asks twice without showing what is typed, or takes the first line of what is piped in. Throws UsageError. */
export async function readPassword(): Promise<string> {
  if (!process.stdin.isTTY) return firstLine();
  const password = await askHidden('Password: ');
  if ((await askHidden('Again:    ')) !== password)
    throw new UsageError('These are not the same. Nothing was changed.');
  return password;
}

async function firstLine(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += chunk;
    if (text.length > MAX_BYTES) throw new UsageError('That is too long for a password.');
  }
  return text.split(/\r?\n/, 1)[0]!;
}

function askHidden(prompt: string): Promise<string> {
  const { stderr, stdin } = process;
  stderr.write(prompt);
  stdin.setRawMode(true).setEncoding('utf8').resume();
  return new Promise((resolve, reject) => {
    const typed: string[] = [];
    const end = (done: () => void) => {
      stdin.off('data', take).setRawMode(false).pause();
      stderr.write('\n');
      done();
    };
    const take = (chunk: string) => {
      for (const key of chunk) {
        if (ENTER.has(key)) return end(() => resolve(typed.join('')));
        if (key === CANCEL) return end(() => reject(new UsageError('Nothing was changed.')));
        if (ERASE.has(key)) typed.pop();
        else typed.push(key);
      }
    };
    stdin.on('data', take);
  });
}
