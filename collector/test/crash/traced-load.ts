import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { markerOf } from '../support/load-payload.ts';
import type { Ledger, LoadOptions } from '../support/load-sender.ts';
import type { Signalbox } from '../support/start-signalbox.ts';
import type { CrashBench } from './crash-program.ts';
import type { DurabilityCheck } from './durability.ts';
import { parseStrace, type Syscall, straceCommand } from './strace.ts';

/** A program that runs under strace. */
export interface TracedProgram {
  signalbox: Signalbox;
  /** Sends a load whose requests can be found in the trace, and waits for all answers. */
  send(options: Pick<LoadOptions, 'ledger' | 'requests'>): Promise<void>;
  /** Stops the program and returns what `checkDurability` needs. */
  finish(): Promise<DurabilityCheck & { calls: Syscall[] }>;
}

const CONNECTIONS = 16;

/** `inject` in the form of strace, as in `fdatasync:error=EIO:when=3+5`. */
export async function startTraced(bench: CrashBench, inject: readonly string[] = []): Promise<TracedProgram> {
  const file = join(bench.dataDir, '../strace.txt');
  const signalbox = await bench.start({ command: straceCommand(file, inject) });
  const markers = new Map<number, string[]>();
  return {
    signalbox,
    send: (options) =>
      bench.load(signalbox, {
        ...options,
        connections: CONNECTIONS,
        sizes: [1, 5],
        // The marker can only be read in what is written as it was sent.
        compress: false,
        marked: true,
        onSend(block, port) {
          markers.set(port, [...(markers.get(port) ?? []), markerOf(block)]);
        },
      }).done,
    async finish() {
      await signalbox.stop();
      const calls = parseStrace(await readFile(file, 'latin1'));
      const isRecordFile = (path: string) => /\/journal\/\w+\/[^/]+\.seg$/.test(path);
      return { calls, markers, isRecordFile, port: Number(new URL(signalbox.otlpHttpUrl).port) };
    },
  };
}

/** A ledger's answers as text, for messages. */
export function describeAnswers({ answers, refusals }: Ledger): string {
  return JSON.stringify({ answers, refusals });
}
