import type { AlertsResponse } from '#api/schemas/alerts.ts';
import { Icon, type IconName } from '../widgets/icon.tsx';
import { type AlertsVerdict, alertsVerdict } from './alerts-verdict.ts';

const ICONS: Record<AlertsVerdict['kind'], IconName> = {
  firing: 'error',
  well: 'check',
  quiet: 'alerts',
  doubt: 'error',
};

/** What fires, and whether it would be known. */
export function AlertsVerdictLine({ report }: { report: AlertsResponse }) {
  const { detail, kind, text } = alertsVerdict(report, Date.now());
  return (
    <p class={`verdict is-${kind}`} data-testid="alerts-verdict" data-verdict={kind}>
      <Icon name={ICONS[kind]} />
      <span>
        <span class="strong" role="status">
          {text}
        </span>{' '}
        <span class="muted">· {detail}</span>
      </span>
    </p>
  );
}
