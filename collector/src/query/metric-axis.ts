import { BadRequestError, type MetricRequest } from './requests.ts';

/** The points of a plot. Times of nanoseconds; step `i` covers `[origin + i * step, origin + (i + 1) * step)`. */
export interface MetricAxis {
  origin: bigint;
  step: bigint;
  stepSeconds: number;
  steps: number;
  /** `origin` in seconds. */
  fromSeconds: number;
}

const DEFAULT_STEPS = 240;
const MAX_STEPS = 5000;

/** Steps begin at multiples of their length, so that points stay where they are when the range moves on. */
export function createAxis({
  range,
  stepSeconds: wanted,
}: Pick<MetricRequest, 'range' | 'stepSeconds'>): MetricAxis {
  const stepSeconds = wanted ?? Math.max(1, Math.ceil(Number(range.to - range.from) / 1e9 / DEFAULT_STEPS));
  const step = BigInt(Math.round(stepSeconds * 1e9));
  const origin = range.from - (range.from % step);
  const steps = Number((range.to - origin + step - 1n) / step);
  if (steps > MAX_STEPS)
    throw new BadRequestError('step', `would give ${steps} points; at most ${MAX_STEPS}`);
  return { origin, step, stepSeconds, steps, fromSeconds: Number(origin / 1_000_000n) / 1000 };
}
