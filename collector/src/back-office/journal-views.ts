import { SIGNALS, type Signal } from '#core/signal.ts';
import type { Journals } from '#journal/journals.ts';
import type { JournalView } from '#journal/segments.ts';

/** The journals are told of at most this often; the store waits longer than that for a commit to fill. */
const TELL_MS = 5;

/** Tells `post` how the journals are, now and after each change. Returns how to stop, which tells a last time. */
export function postViews(journals: Journals, post: (signal: Signal, view: JournalView) => void): () => void {
  const changed = new Set<Signal>(SIGNALS);
  let timer: NodeJS.Timeout | null = null;
  const tell = () => {
    timer = null;
    for (const signal of changed) post(signal, journals.of(signal).view());
    changed.clear();
  };
  const stops = SIGNALS.map((signal) =>
    journals.of(signal).onChange(() => {
      changed.add(signal);
      timer ??= setTimeout(tell, TELL_MS);
    }),
  );
  tell();
  return () => {
    for (const stop of stops) stop();
    if (timer !== null) clearTimeout(timer);
    tell();
  };
}

/** A journal of the other thread, as last told. */
export interface RemoteView {
  view(): JournalView;
  onChange(listener: () => void): () => void;
  update(view: JournalView): void;
}

export function createRemoteView(): RemoteView {
  const listeners = new Set<() => void>();
  let current: JournalView | null = null;
  return {
    view() {
      if (current === null) throw new Error('the journal has not been told of yet');
      return current;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    update(view) {
      current = view;
      for (const listener of listeners) listener();
    },
  };
}
