import type { AccountingWarning } from '#core/accounting.ts';
import type { Logger } from '#self/log-record.ts';

/** Warns of data points with delta temporality, which Prometheus does not keep for sure. */
export interface DeltaWatch {
  /**
   * Notes that `points` such of `service` were accepted. Answers with a warning for the sender; '' when this service
   * had one within the last minute. The same warning is a line of the log.
   */
  note(service: string, points: number): string;
  /** One warning with all services that sent such within the last hour, the latest first; none when none did. */
  warnings(): AccountingWarning[];
}

export interface DeltaWatchDeps {
  logger: Logger;
  clocks: {
    /** Milliseconds since 1970 UTC. */
    wallMs(): number;
    /** Milliseconds since some instant; never goes back. */
    monotonicMs(): number;
  };
}

interface Seen {
  points: number;
  /** Points since the last line of the log. */
  untold: number;
  lastMs: number;
  lastUnixMs: number;
  toldMs: number;
}

const TELL_EVERY_MS = 60_000;
const FORGET_AFTER_MS = 3_600_000;
const MAX_SERVICES = 256;
const OTHERS = 'other services';

/** What Prometheus 3.16 does with its feature `otlp-deltatocumulative`. */
const MEANING =
  'Prometheus adds points with delta temporality up in memory: it begins anew when it restarts or when none came for 5 minutes, and drops late ones without an error.';
const REMEDY = 'Set OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=cumulative in the sender.';

/** Remembers at most 256 services by their name; all others together as one more. */
export function createDeltaWatch({ clocks, logger }: DeltaWatchDeps): DeltaWatch {
  const services = new Map<string, Seen>();

  function forget(nowMs: number): void {
    for (const [name, { lastMs }] of services) if (nowMs - lastMs > FORGET_AFTER_MS) services.delete(name);
  }

  function nameOf(service: string, nowMs: number): string {
    if (services.has(service) || services.size < MAX_SERVICES) return service;
    forget(nowMs);
    return services.size < MAX_SERVICES ? service : OTHERS;
  }

  return {
    note(service, points) {
      const nowMs = clocks.monotonicMs();
      const name = nameOf(service, nowMs);
      const before = services.get(name) ?? { points: 0, untold: 0, toldMs: Number.NEGATIVE_INFINITY };
      const seen: Seen = {
        points: before.points + points,
        untold: before.untold + points,
        toldMs: before.toldMs,
        lastMs: nowMs,
        lastUnixMs: clocks.wallMs(),
      };
      services.set(name, seen);
      if (nowMs - seen.toldMs < TELL_EVERY_MS) return '';
      logger.warn('metrics with delta temporality were received', {
        service: name,
        points: seen.untold,
        meaning: MEANING,
        remedy: REMEDY,
      });
      seen.toldMs = nowMs;
      seen.untold = 0;
      return `data points with delta temporality: ${points}. ${MEANING} ${REMEDY}`;
    },
    warnings() {
      forget(clocks.monotonicMs());
      if (services.size === 0) return [];
      const latestFirst = [...services].sort(([, a], [, b]) => b.lastMs - a.lastMs);
      return [
        {
          code: 'delta_temporality',
          message: `${MEANING} ${REMEDY}`,
          points: latestFirst.reduce((sum, [, { points }]) => sum + points, 0),
          services: latestFirst.map(([name]) => name),
          lastUnixMs: latestFirst[0]![1].lastUnixMs,
        },
      ];
    },
  };
}
