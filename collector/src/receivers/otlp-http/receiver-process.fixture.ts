// A receiver in a process of its own, for tests that watch its memory. Run with --expose-gc and an IPC channel.
import { ACCEPTED } from '#core/outcome.ts';
import { standBehind } from '../otlp/behind.fixture.ts';
import { defaultConfig } from './receiver.fixture.ts';
import { createOtlpHttpReceiver } from './server.ts';

const collect =
  globalThis.gc ??
  (() => {
    throw new Error('run with --expose-gc');
  });

const { deps } = standBehind();
let finished = 0;
const receiver = createOtlpHttpReceiver(defaultConfig({ max_body_bytes: 256 * 1024 }), {
  ...deps,
  sink: { offer: async () => ACCEPTED },
  observer: {
    requestFinished() {
      finished++;
    },
  },
  selfToken: 'x',
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
