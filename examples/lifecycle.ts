/** How a process of the demo is told to break, to mend and to stop. */
export interface Lifecycle {
  isBroken(): boolean;
  /** Tells the demo that this process can be used. */
  ready(): void;
}

/**
 * Listens for the demo's messages (`break`, `mend`) and for SIGTERM or the demo's end, which call `stop` once.
 * When `stop` has ended nothing keeps the process alive, and its telemetry is flushed on the way out.
 * Started by hand, without the demo, a service has no such channel and also stops on SIGINT.
 */
export function createLifecycle(stop: () => Promise<void>): Lifecycle {
  let broken = process.argv.includes('--broken');
  let stopping = false;

  const stopOnce = async () => {
    if (stopping) return;
    stopping = true;
    await stop();
    if (process.connected) process.disconnect?.();
  };

  process.on('SIGTERM', stopOnce);
  // Ctrl-C reaches the whole process group; under the demo the order of stopping is the demo's choice.
  process.on('SIGINT', () => {
    if (!process.connected) void stopOnce();
  });
  process.on('disconnect', stopOnce);
  process.on('message', (message) => {
    if (message === 'break') broken = true;
    if (message === 'mend') broken = false;
  });

  return {
    isBroken: () => broken,
    ready: () => {
      process.send?.('ready');
    },
  };
}
