import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for something that happens soon after, and fails when it does not. */
export async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1000; tries++) {
    if (await isTrue()) return;
    await sleep(10);
  }
  throw new Error('it did not happen');
}
