import type { Recorder } from './recorder.ts';
import type { Door } from './rules.ts';
import type { Guarded, Program, Target } from './target.ts';

/** What checks can ask for. One program at a time; everything is started once and shared. */
export interface Bench {
  program: Program;
  /** With small limits. */
  target: Target;
  /** With the limits it has by itself. */
  plain: Target;
  /** It refuses because it has too much. */
  overloaded: Target;
  /** It wants a key. */
  guarded: Guarded;
  /** One with a recorder of its own, for what exporters do; stopped at the end. */
  startAlone(): Promise<{ target: Target; recorder: Recorder }>;
}

/** One test. A rule can have several at each door. */
export interface Check {
  rule: number;
  door: Door;
  title: string;
  /** It waits more than it works: it runs beside the others. */
  isSlow?: boolean;
  run(bench: Bench): Promise<void>;
}
