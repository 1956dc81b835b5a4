/** Ranges of SeverityNumber by their short names, from the least severe (OpenTelemetry logs data model). */
export const SEVERITIES = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type Severity = (typeof SEVERITIES)[number];

const RANGE = 4;

/** The least SeverityNumber of a range; its greatest is 3 more. */
export function lowestNumber(severity: Severity): number {
  return SEVERITIES.indexOf(severity) * RANGE + 1;
}

/** Whether a record says that it is in the range or below; 0, unspecified, says nothing. */
export function isAtMost(severityNumber: number, severity: Severity): boolean {
  return severityNumber > 0 && severityNumber < lowestNumber(severity) + RANGE;
}
