import { type EventLoopUtilization, monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import { Gauge, type Registry } from 'prom-client';
import type { ThreadName } from './log-record.ts';

/**
 * Gauges of one thread, labelled `thread`: share of time the event loop was busy and its longest delay since
 * the last reading, and heap in use. Reading is what resets them, so one reader at a time is assumed.
 */
export function measureThread(registry: Registry, thread: ThreadName): { stop(): void } {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  let before: EventLoopUtilization = performance.eventLoopUtilization();
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['thread'],
      registers: [registry],
      collect() {
        this.set({ thread }, read());
      },
    });
  gauge('signalbox_thread_event_loop_utilization_ratio', 'share of time the event loop was busy', () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    return utilization;
  });
  gauge('signalbox_thread_event_loop_max_delay_seconds', 'longest delay of the event loop', () => {
    const seconds = delay.max / 1e9;
    delay.reset();
    return Number.isFinite(seconds) ? seconds : 0;
  });
  gauge('signalbox_thread_heap_used_bytes', 'heap in use', () => getHeapStatistics().used_heap_size);
  return { stop: () => void delay.disable() };
}
