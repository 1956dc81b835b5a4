import type { Alert } from '#api/schemas/alerts.ts';
import { stringifyExact } from '../fetch/exact-json.ts';
import { countOf } from '../format/number.ts';
import { exactTime, formatDateTime, nanoToMs } from '../format/time.ts';
import { useConsole } from '../state.ts';
import { absoluteRange } from '../url/range.ts';
import { servicePath } from '../url/route.ts';
import { AttributeList } from '../widgets/attribute-list.tsx';
import { CopyButton } from '../widgets/copy-button.tsx';
import { Icon } from '../widgets/icon.tsx';
import { alertLinks } from './alert-links.ts';
import { withLabel } from './alerts-query.ts';
import { unheardForMs } from './unheard.ts';

/** Logs are looked at from so long before an alert began: its cause is older than it. */
const BEFORE_MS = 10 * 60_000;

/** All that is known of an alert, and where it leads. */
export function AlertDetail({ alert }: { alert: Alert }) {
  const { location } = useConsole();
  const q = location.params.value.get('q');
  return (
    <div class="alert-detail" data-testid="alert-detail">
      <div class="log-actions">
        {alertLinks(alert).map(({ href, label }) => (
          <a
            key={`${label} ${href}`}
            class="button small"
            href={href}
            target="_blank"
            rel="noopener noreferrer"
            title={href}
          >
            <Icon name="link" />
            {label}
          </a>
        ))}
        <ServiceLinks alert={alert} />
        <CopyButton text={() => stringifyExact(alert)} label="Copy the alert as JSON" caption="JSON" />
      </div>
      <Times alert={alert} />
      {unheardForMs(alert, Date.now()) !== null && (
        <p class="is-warning">
          ◆ Alertmanager repeats what fires, by default every 4 hours, and has not done so here. While an
          alert is silenced or inhibited there, neither is it repeated nor is its end told: it may be over.
        </p>
      )}
      {alert.isCut && <p class="is-warning">◆ Some of its text was too long to keep and is cut.</p>}
      <AttributeList title="Annotations" attributes={alert.annotations} />
      <AttributeList
        title="Labels"
        attributes={alert.labels}
        filterHref={(name, value) => location.with({ q: withLabel(q, name, value), alert: null })}
      />
    </div>
  );
}

function Times({ alert }: { alert: Alert }) {
  const { endsUnixNano, firstNotifiedUnixNano, lastNotifiedUnixNano, notifications, startsUnixNano } = alert;
  return (
    <p class="muted">
      Began <Instant unixNano={startsUnixNano} />
      {endsUnixNano !== null && (
        <>
          , ended <Instant unixNano={endsUnixNano} />
        </>
      )}
      ; {countOf(notifications, 'notification')}, the first <Instant unixNano={firstNotifiedUnixNano} />, the
      last <Instant unixNano={lastNotifiedUnixNano} />
    </p>
  );
}

function Instant({ unixNano }: { unixNano: string }) {
  const { zone } = useConsole();
  return (
    <time title={exactTime(unixNano, zone.value)}>{formatDateTime(nanoToMs(unixNano), zone.value)}</time>
  );
}

/** A `job` need not be the name of a service, so only the two labels that say so lead to one. */
function ServiceLinks({ alert: { endsUnixNano, labels, startsUnixNano } }: { alert: Alert }) {
  const { location } = useConsole();
  const service = labels.service_name ?? labels.service;
  if (service === undefined || service === '') return null;
  const around = absoluteRange(
    nanoToMs(startsUnixNano) - BEFORE_MS,
    endsUnixNano === null ? Date.now() : nanoToMs(endsUnixNano) + BEFORE_MS,
  );
  return (
    <>
      <a class="button small" href={location.to(servicePath(service), { ...around })}>
        Service
      </a>
      <a class="button small" href={location.to('/traces', { ...around, service, error: 'true' })}>
        Failed traces
      </a>
      <a class="button small" href={location.to('/logs', { ...around, service })}>
        Logs
      </a>
    </>
  );
}
