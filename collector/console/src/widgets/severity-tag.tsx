import { severityLevel } from '../format/severity.ts';

/** A severity as a word, coloured; the sender's own word on hover. */
export function SeverityTag({ log }: { log: { severityNumber: number; severityText: string } }) {
  const level = severityLevel(log.severityNumber);
  const text = level ?? (log.severityText.toUpperCase().slice(0, 5) || '–');
  const title = `${log.severityText || 'no severity text'} (${log.severityNumber})`;
  return (
    <span class={`severity severity-${(level ?? 'none').toLowerCase()}`} title={title}>
      {text}
    </span>
  );
}
