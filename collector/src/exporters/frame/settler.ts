import { createSender, type Job, type SenderDeps } from './sender.ts';
import { createSplitter, type SplitterDeps } from './splitter.ts';
import type { Part } from './unit.ts';

export type SettlerDeps = SenderDeps & Omit<SplitterDeps, 'sender'>;

/** Finds out what becomes of a part, taking it apart if it must. False when it was stopped before that. */
export type Settle = (part: Part, job: Job) => Promise<boolean>;

export function createSettler(deps: SettlerDeps): Settle {
  const sender = createSender(deps);
  const split = createSplitter({ ...deps, sender });
  return async (part, job) => {
    const verdict = await sender.send(part, job);
    if (verdict.kind === 'at_fault') return split(part, job, verdict);
    return verdict.kind === 'done';
  };
}
