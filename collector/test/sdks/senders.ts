import { copyFile, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { madeOnce, runTool } from './made-once.ts';
import { preparePython } from './python-environment.ts';

export type Protocol = 'grpc' | 'http/protobuf' | 'http/json';

/** A program that sends the same few items with the SDK of its language; README.md says which. */
export interface Sender {
  language: string;
  /** Those that its SDK has. */
  protocols: readonly Protocol[];
  /** What runs it, made first when it is new. Throws when a tool of the language is missing or fails. */
  prepare(): Promise<readonly [string, ...string[]]>;
}

const inside = (...path: string[]) => join(import.meta.dirname, ...path);

async function prepareJava(): Promise<readonly [string, ...string[]]> {
  const advice = 'install a JDK (17 or newer) and Maven';
  const folder = await madeOnce({
    name: 'java',
    inputs: [inside('java')],
    make: (out) =>
      runTool(['mvn', '--batch-mode', '--quiet', '--file', inside('java'), `-Dout=${out}`, 'compile'], {
        advice,
      }),
  });
  return ['java', '-cp', [join(folder, 'classes'), join(folder, 'jars/*')].join(delimiter), 'Sender'];
}

async function prepareGo(): Promise<readonly [string, ...string[]]> {
  const advice = 'install Go, in the version that go/go.mod asks for';
  const folder = await madeOnce({
    name: 'go',
    inputs: [inside('go')],
    make: (out) =>
      runTool(['go', 'build', '-buildvcs=false', '-o', join(out, 'sender'), '.'], {
        advice,
        cwd: inside('go'),
      }),
  });
  return [join(folder, 'sender')];
}

async function prepareRust(): Promise<readonly [string, ...string[]]> {
  const advice = 'install Rust with Cargo, in the version that rust/Cargo.toml asks for';
  const folder = await madeOnce({
    name: 'rust',
    inputs: [inside('rust')],
    make: async (out) => {
      const target = join(out, 'target');
      await runTool(['cargo', 'build', '--quiet', '--locked', '--target-dir', target], {
        advice,
        cwd: inside('rust'),
      });
      await copyFile(join(target, 'debug/sender'), join(out, 'sender'));
      await rm(target, { recursive: true });
    },
  });
  return [join(folder, 'sender')];
}

export const SENDERS: readonly Sender[] = [
  {
    language: 'Node',
    protocols: ['grpc', 'http/protobuf', 'http/json'],
    prepare: async () => [process.execPath, inside('node/sender.ts')],
  },
  {
    language: 'Python',
    protocols: ['grpc', 'http/protobuf'],
    prepare: async () => [await preparePython(), inside('python/sender.py')],
  },
  { language: 'Java', protocols: ['grpc', 'http/protobuf'], prepare: prepareJava },
  { language: 'Go', protocols: ['grpc', 'http/protobuf'], prepare: prepareGo },
  { language: 'Rust', protocols: ['grpc', 'http/protobuf'], prepare: prepareRust },
];
