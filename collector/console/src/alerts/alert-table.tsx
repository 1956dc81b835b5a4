import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Alert } from '#api/schemas/alerts.ts';
import { formatAge, formatDuration } from '../format/duration.ts';
import { exactTime, formatClock, nanosSince, nanoToMs } from '../format/time.ts';
import { useConsole } from '../state.ts';
import { Icon } from '../widgets/icon.tsx';
import { ServiceName } from '../widgets/service-name.tsx';
import { AlertDetail } from './alert-detail.tsx';
import { alertTone } from './alert-tone.ts';
import { unheardForMs } from './unheard.ts';

const COLUMNS = 5;

/** Alerts as rows; the one that the address names is open. */
export function AlertTable({ alerts }: { alerts: readonly Alert[] }) {
  const { keyboard, location } = useConsole();
  const opened = location.params.value.get('alert');
  const open = (id: string | null) => location.go(location.with({ alert: id }), { replace: true });
  useLayoutEffect(() => {
    keyboard.close.value = opened === null ? null : () => open(null);
    return () => {
      keyboard.close.value = null;
    };
  });
  return (
    <>
      {opened !== null && !alerts.some(({ id }) => id === opened) && (
        <p class="muted" role="status">
          The alert that the address names is not among these: it is on a later page, left out by a filter, or
          no longer kept.
        </p>
      )}
      <table class="table alert-table">
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">Alert</th>
            <th scope="col" class="minor">
              Service
            </th>
            <th scope="col">Since</th>
            <th scope="col" class="minor numeric">
              Lasts
            </th>
          </tr>
        </thead>
        <tbody>
          {alerts.map((alert) => (
            <Row
              key={alert.id}
              alert={alert}
              isOpen={alert.id === opened}
              onToggle={() => open(alert.id === opened ? null : alert.id)}
            />
          ))}
        </tbody>
      </table>
    </>
  );
}

interface RowProps {
  alert: Alert;
  isOpen: boolean;
  onToggle: () => void;
}

function Row({ alert, isOpen, onToggle }: RowProps) {
  const row = useRef<HTMLTableRowElement>(null);
  const unheardMs = unheardForMs(alert, Date.now());
  useLayoutEffect(() => {
    if (isOpen) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isOpen]);
  return (
    <>
      <tr
        ref={row}
        class={isOpen ? 'is-open' : ''}
        data-row
        data-testid="alert-row"
        data-state={alert.state}
        data-alert={alert.name}
      >
        <td>
          <StateTag alert={alert} />
        </td>
        <td class="alert-name">
          <button type="button" data-row-link aria-expanded={isOpen} onClick={onToggle}>
            <Icon name={isOpen ? 'down' : 'right'} />
            <span class="strong">{alert.name || '(no name)'}</span>
            <span class="muted">{alert.summary}</span>
            {unheardMs !== null && (
              <span class="alert-unheard">◆ not heard of for {formatDuration(unheardMs * 1e6)}</span>
            )}
          </button>
        </td>
        <td class="minor">{alert.service === '' ? '–' : <ServiceName service={alert.service} />}</td>
        <Times alert={alert} />
      </tr>
      {isOpen && (
        <tr class="alert-open">
          <td colSpan={COLUMNS}>
            <AlertDetail alert={alert} />
          </td>
        </tr>
      )}
    </>
  );
}

function StateTag({ alert: { severity, state } }: { alert: Alert }) {
  const tone = state === 'firing' ? alertTone(severity) : 'over';
  return (
    <span class={`alert-state is-${tone}`}>
      <Icon name={state === 'firing' ? 'error' : 'check'} />
      <span>{state}</span>
      {severity !== '' && <span class="tag">{severity}</span>}
    </span>
  );
}

function Times({ alert: { endsUnixNano, startsUnixNano } }: { alert: Alert }) {
  const { zone } = useConsole();
  const startsMs = nanoToMs(startsUnixNano);
  const lasts =
    endsUnixNano === null ? (Date.now() - startsMs) * 1e6 : nanosSince(endsUnixNano, startsUnixNano);
  return (
    <>
      <td class="when" title={exactTime(startsUnixNano, zone.value)}>
        <time>{formatClock(startsMs, zone.value, Date.now()).replace(/\.\d+$/, '')}</time>{' '}
        <span class="muted">{formatAge(Date.now() - startsMs)}</span>
      </td>
      <td class="minor numeric">{formatDuration(Math.max(0, lasts))}</td>
    </>
  );
}
