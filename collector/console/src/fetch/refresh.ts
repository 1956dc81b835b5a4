import { type ReadonlySignal, signal } from '@preact/signals';

/** When data is fetched again: asked for by hand, or by itself while live. */
export interface Refresh {
  /** Counts the times somebody asked. */
  manual: ReadonlySignal<number>;
  /** Counts the times the clock asked. */
  tick: ReadonlySignal<number>;
  now(): void;
  stop(): void;
}

/** Ticks every `intervalMs` while `isLive` holds; a hidden tab asks for nothing. */
export function createRefresh(
  config: { intervalMs: number },
  deps: { isLive: () => boolean; document: Document },
): Refresh {
  const manual = signal(0);
  const tick = signal(0);
  const timer = setInterval(() => {
    if (deps.document.visibilityState === 'visible' && deps.isLive()) tick.value += 1;
  }, config.intervalMs);
  return {
    manual,
    tick,
    now: () => {
      manual.value += 1;
    },
    stop: () => clearInterval(timer),
  };
}
