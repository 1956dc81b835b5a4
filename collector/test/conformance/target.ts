import type { Recorder } from './recorder.ts';

/** The limit of a body or message at both doors, unless the program has its defaults: 1 MiB, so that tests are cheap. */
export const LIMIT_BYTES = 1024 * 1024;

/** A running program, reached through its ports. */
export interface Target {
  name: ProgramName;
  /** Without a path: `http://127.0.0.1:34567`. */
  httpUrl: string;
  /** `127.0.0.1:34568`. */
  grpcAddress: string;
  pid: number;
  /** Where its exporter sends. */
  recorder: Recorder;
  /** Of what went elsewhere than to the recorder: whether a span with this trace id, in hex, is there. */
  isElsewhere(traceId: string): Promise<boolean>;
  stop(): Promise<void>;
}

/** A program that lets in only who shows a key (`Authorization: Bearer`). */
export interface Guarded extends Target {
  goodKey: string;
  /** A good key whose sender has sent more than it may; null where keys have no limits. */
  tiredKey: string | null;
}

export type ProgramName = 'Signalbox' | 'OpenTelemetry Collector';

export interface TargetOptions {
  recorder: Recorder;
  /** Limits of the doors: LIMIT_BYTES, or what the program has by itself. */
  limits: 'small' | 'default';
}

/** One of the programs that the suite is held against. */
export interface Program {
  name: ProgramName;
  start(options: TargetOptions): Promise<Target>;
  /** Started and brought to where it refuses more than it has, until it is stopped. */
  startOverloaded(recorder: Recorder): Promise<Target>;
  /** With keys that senders need. */
  startGuarded(recorder: Recorder): Promise<Guarded>;
  /** TCP ports that it listens on with nothing configured that says so, in a network of its own. */
  defaultPorts(): Promise<number[]>;
}
