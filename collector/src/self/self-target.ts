import type { Signal } from '#core/signal.ts';

/** The process's own receiver, and how its telemetry is told from that of apps. */
export interface SelfTarget {
  /** Origin of the receiver, as in `http://127.0.0.1:4318`. */
  receiverUrl: string;
  /** Random, made at each start; the receiver knows the process's own requests by it. */
  selfToken: string;
  /** `service.name`, `service.version`, `service.instance.id`. */
  resource: Readonly<Record<string, string>>;
}

export function selfUrl(target: SelfTarget, signal: Signal): string {
  return new URL(`/v1/${signal}`, target.receiverUrl).href;
}

export function selfHeaders(target: SelfTarget): Record<string, string> {
  return { 'x-signalbox-self': target.selfToken };
}

/** The resource of the collector's own telemetry (semantic conventions, `service`). */
export function selfResource(service: { version: string; instanceId: string }): Record<string, string> {
  return {
    'service.name': 'signalbox',
    'service.version': service.version,
    'service.instance.id': service.instanceId,
  };
}
