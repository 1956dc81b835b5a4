export type SeverityLevel = 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL';

export const SEVERITY_LEVELS: readonly SeverityLevel[] = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/** The level of a severity number (OpenTelemetry logs data model: four numbers a level from 1); `null` for none. */
export function severityLevel(severityNumber: number): SeverityLevel | null {
  if (severityNumber < 1 || severityNumber > 24) return null;
  return SEVERITY_LEVELS[Math.floor((severityNumber - 1) / 4)] ?? null;
}
