import { arch, cpus, platform, totalmem } from 'node:os';

/** The machine in one line, to print above figures. */
export function describeMachine(): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} x ${first?.model ?? 'unknown processor'}, ${memory} GiB, ${platform()} ${arch()}, Node ${process.version}`;
}

/** Seconds of processor time that the whole process, all threads, has used. */
export function cpuSeconds(): number {
  const { system, user } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Minimum, median and maximum of some figures, for print. */
export function spread(values: readonly number[], digits = 0): string {
  const sorted = [...values].sort((a, b) => a - b);
  const show = (value: number | undefined) =>
    (value ?? Number.NaN).toLocaleString('en', { maximumFractionDigits: digits });
  return `median ${show(sorted[sorted.length >> 1])} (${show(sorted[0])} to ${show(sorted.at(-1))})`;
}
