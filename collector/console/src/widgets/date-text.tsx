import { formatAge } from '../format/duration.ts';
import { formatDateTime } from '../format/time.ts';
import { useConsole } from '../state.ts';

/** The day of a moment in RFC 3339; to the second on hover. */
export function DateText({ at }: { at: string }) {
  const { zone } = useConsole();
  const text = formatDateTime(Date.parse(at), zone.value);
  return (
    <time dateTime={at} title={text}>
      {text.slice(0, 10)}
    </time>
  );
}

/** How long ago a moment in RFC 3339 was; to the second on hover. */
export function AgeText({ at }: { at: string }) {
  const { zone } = useConsole();
  const ms = Date.parse(at);
  return (
    <time dateTime={at} title={formatDateTime(ms, zone.value)}>
      {formatAge(Math.max(0, Date.now() - ms))}
    </time>
  );
}
