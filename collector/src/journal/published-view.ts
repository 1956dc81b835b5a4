import type { Position } from '#core/record.ts';
import type { JournalView, Segment } from './segments.ts';

/** The journal's state as readers get it, made anew only after it changed. */
export interface PublishedView {
  current(): JournalView;
  /** The segments or the tail are others now: tells every listener. */
  changed(): void;
  onChange(listener: () => void): () => void;
}

export function createPublishedView(
  journalId: string,
  of: { segments: readonly Segment[]; tail(): Position },
): PublishedView {
  const listeners = new Set<() => void>();
  let view: JournalView | null = null;
  return {
    current() {
      view ??= {
        journalId,
        segments: of.segments.map(({ start, path }) => ({ start, path })),
        tail: of.tail(),
      };
      return view;
    },
    changed() {
      view = null;
      for (const listener of listeners) listener();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
