import { serviceColor } from './service-color.ts';

interface ServiceNameProps {
  service: string;
  color?: number | undefined;
  count?: number;
  errors?: number;
}

/** A service as name with its colour; with a count of its spans, and a mark when some of them failed. */
export function ServiceName({ service, color, count, errors = 0 }: ServiceNameProps) {
  const title =
    count === undefined ? service : `${service}: ${count} spans${errors > 0 ? `, ${errors} failed` : ''}`;
  return (
    <span class="service-name" title={title}>
      <span
        class="service-dot"
        style={{ background: `var(--series-${color ?? serviceColor(service)})` }}
        aria-hidden="true"
      />
      <span class="service-text">{service || 'unknown service'}</span>
      {count !== undefined && <span class="service-count">{count}</span>}
      {errors > 0 && <span class="error-mark">!{errors}</span>}
    </span>
  );
}
