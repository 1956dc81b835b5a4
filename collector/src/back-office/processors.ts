import { systemClock } from '#core/clock.ts';
import type { ProcessorsDescription } from '#core/processor-description.ts';
import type { TryOutInput, TryOutResult } from '#core/try-out.ts';
import type { ProcessorsConfig } from '#processors/config.ts';

/** What the API knows of the processors, which work in the main thread. */
export interface ProcessorsView {
  describeProcessors(): Promise<ProcessorsDescription>;
  tryOut(input: TryOutInput): Promise<TryOutResult>;
  hashUserId(value: string): Promise<string>;
}

/** Processors of this thread's own, to describe and to try out; loaded when first asked, since few ask. */
export function createProcessorsView(config: ProcessorsConfig, hashKey: string): ProcessorsView {
  const tryOut = once(async () => {
    const { createTryOut } = await import('#processors/try-out.ts');
    return createTryOut(config, { hashKey, clock: systemClock });
  });
  const description = once(async () => {
    const { describeProcessors } = await import('#processors/describe.ts');
    return describeProcessors(config);
  });
  return {
    describeProcessors: description,
    tryOut: async (input) => (await tryOut()).tryOut(input),
    hashUserId: async (value) => (await tryOut()).hash(value),
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => (made ??= make());
}
