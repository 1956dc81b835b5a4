import { countOf } from '../format/number.ts';
import { sparkBars } from './spark-bars.ts';

const WIDTH = 132;
const HEIGHT = 24;

/** Requests over time as bars, failed ones in red from below with a notch under each bucket that has some. */
export function Sparkline({ requests, errors }: { requests: readonly number[]; errors: readonly number[] }) {
  const bars = sparkBars({ requests, errors, width: WIDTH, height: HEIGHT - 3 });
  const sum = (values: readonly number[]) => Math.round(values.reduce((total, value) => total + value, 0));
  return (
    <svg
      class="sparkline"
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`${countOf(sum(requests), 'request')}, ${sum(errors)} failed, over the time range`}
    >
      <path class="spark-base" d={`M0 ${HEIGHT - 3}.5H${WIDTH}`} />
      <path class="spark-requests" d={bars.requests} />
      <path class="spark-errors" d={bars.errors} />
      <path class="spark-notches" d={bars.notches} transform={`translate(0 ${HEIGHT - 2})`} />
    </svg>
  );
}
