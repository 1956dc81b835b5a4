import { exactDuration, formatDuration } from '../format/duration.ts';
import { exactTime, formatClock, nanoToMs } from '../format/time.ts';
import { useConsole } from '../state.ts';

/** An instant on the reader's clock; every digit on hover. */
export function TimeText({ unixNano }: { unixNano: string }) {
  const { zone } = useConsole();
  return (
    <time title={exactTime(unixNano, zone.value)}>
      {formatClock(nanoToMs(unixNano), zone.value, Date.now())}
    </time>
  );
}

/** A duration in human units; nanoseconds on hover. */
export function DurationText({ nanos }: { nanos: number }) {
  return <span title={exactDuration(nanos)}>{formatDuration(Number(nanos))}</span>;
}
