// A receiver in a process of its own, for tests that watch its memory. Run with --expose-gc and an IPC channel.
import { systemClock } from '#core/clock.ts';
import { ACCEPTED } from '#core/outcome.ts';
import { NO_PROCESSING } from './processing.ts';
import { defaultConfig } from './receiver.fixture.ts';
import { createOtlpHttpReceiver } from './server.ts';

const collect =
  globalThis.gc ??
  (() => {
    throw new Error('run with --expose-gc');
  });

let finished = 0;
const receiver = createOtlpHttpReceiver(defaultConfig({ max_body_bytes: 256 * 1024 }), {
  sink: { offer: async () => ACCEPTED },
  clock: systemClock,
  observer: {
    requestFinished() {
      finished++;
    },
  },
  selfToken: 'x',
  processing: NO_PROCESSING,
  noteDelta: () => '',
});

/** What is alive after a full collection, in bytes. */
async function measure() {
  for (let round = 0; round < 3; round++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { liveBytes: heapUsed + external, rss, finished };
}

process.on('message', async (message) => {
  if (message === 'measure') process.send!(await measure());
  if (message === 'stop') {
    await receiver.stop();
    process.disconnect?.();
  }
});

const { port } = await receiver.start();
process.send!({ port });
