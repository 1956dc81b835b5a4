export interface SparkInput {
  requests: readonly number[];
  errors: readonly number[];
  width: number;
  height: number;
}

/**
 * SVG path data of a sparkline: bars of requests, bars of errors over their foot, and a notch for each bucket
 * with errors. The tallest bar fills the height; what is not zero is at least 1.5 high so that it is seen.
 */
export function sparkBars({ requests, errors, width, height }: SparkInput) {
  const max = Math.max(0, ...requests, ...errors) || 1;
  const step = width / Math.max(1, requests.length);
  const bar = Math.max(0.75, step - 0.6);
  const paths = { requests: '', errors: '', notches: '' };
  requests.forEach((count, index) => {
    const x = round(index * step);
    const failed = errors[index] ?? 0;
    if (count > 0) paths.requests += rect(x, bar, count);
    if (failed > 0) paths.errors += rect(x, bar, failed);
    if (failed > 0) paths.notches += `M${x} 0h${round(bar)}v2h-${round(bar)}z`;
  });
  return paths;

  function rect(x: number, barWidth: number, count: number): string {
    const tall = round(Math.max(1.5, (count / max) * height));
    return `M${x} ${round(height - tall)}h${round(barWidth)}v${tall}h-${round(barWidth)}z`;
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
