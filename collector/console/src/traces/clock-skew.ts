import type { Span } from '#api/schemas/traces.ts';

export interface SkewedService {
  service: string;
  /** What was added to its times, in nanoseconds; the largest where spans differ. */
  offsetNano: number;
}

/** The services whose spans were moved because their clock differs from that of the root, by name. */
export function skewedServices(spans: readonly Span[]): SkewedService[] {
  const largest = new Map<string, number>();
  for (const { service, clockOffsetNano } of spans) {
    const offset = Number(clockOffsetNano);
    if (Math.abs(offset) > Math.abs(largest.get(service) ?? 0)) largest.set(service, offset);
  }
  return [...largest]
    .map(([service, offsetNano]) => ({ service, offsetNano }))
    .sort((a, b) => a.service.localeCompare(b.service));
}
