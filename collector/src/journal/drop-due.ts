import type { Appender } from './appender.ts';
import { type Caps, type DropReason, nextDrop } from './retention.ts';
import type { Segment } from './segments.ts';

/** Removes what may go. */
export interface Dropper {
  /** Whether something may go now. */
  isDue(): boolean;
  /** Removes all that is due. Not while the appender writes. */
  drop(): Promise<void>;
}

interface DropperDeps {
  segments: Segment[];
  appender: Appender;
  neededFrom(): number;
  nowMs(): number;
  remove(path: string): Promise<void>;
  /** Readers hear of it before the file goes, so that they do not take it for damage. */
  changed(): void;
  onDropped(drop: { reason: DropReason; path: string }): void;
  onFailure(error: Error): void;
}

export function createDropper(caps: Caps, deps: DropperDeps): Dropper {
  const { appender, segments } = deps;
  const due = () =>
    nextDrop(segments, { tail: appender.tail(), neededFrom: deps.neededFrom(), nowMs: deps.nowMs() }, caps);
  return {
    isDue: () => due() !== null,
    async drop() {
      for (let drop = due(); drop !== null; drop = due()) {
        if (drop.isActive) await appender.rotate();
        // The disk took no new segment: the last one stays, since it alone says where the journal is.
        if (segments.length === 1) return;
        segments.shift();
        deps.changed();
        const { path } = drop.segment;
        if (drop.reason !== 'consumed') deps.onDropped({ reason: drop.reason, path });
        await deps.remove(path).catch(deps.onFailure);
      }
    },
  };
}
