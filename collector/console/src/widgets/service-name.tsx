import { countOf } from '../format/number.ts';
import { useConsole } from '../state.ts';

interface ServiceNameProps {
  service: string;
  count?: number;
  errors?: number;
}

/** A service as name with its colour; with a count of its spans, and a mark when some of them failed. */
export function ServiceName({ service, count, errors = 0 }: ServiceNameProps) {
  const { colorOf } = useConsole();
  const failed = errors > 0 ? `, ${errors} failed` : '';
  return (
    <span
      class="service-name"
      title={count === undefined ? service : `${service}: ${countOf(count, 'span')}${failed}`}
    >
      <span
        class="service-dot"
        style={{ background: `var(--series-${colorOf(service)})` }}
        aria-hidden="true"
      />
      <span class="service-text">{service || 'unknown service'}</span>
      {count !== undefined && <span class="service-count">{count}</span>}
      {errors > 0 && <span class="error-mark">▲{errors}</span>}
    </span>
  );
}
