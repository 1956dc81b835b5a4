/** How many colours of services styles/tokens.css has, as `--series-0` and so on. */
export const SERIES_COLORS = 8;

function hash(text: string): number {
  let value = 2166136261;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 16777619);
  return value >>> 0;
}

/** The colour a service has on every page, as an index below `SERIES_COLORS`. */
export function serviceColor(service: string): number {
  return hash(service) % SERIES_COLORS;
}

/**
 * Colours for services shown together: each its own of `serviceColor` where it can, the next free one where two
 * meet, so that up to eight are all different. The order in which they come makes no difference.
 */
export function assignServiceColors(services: Iterable<string>): Map<string, number> {
  const colors = new Map<string, number>();
  const taken = new Set<number>();
  for (const service of [...new Set(services)].sort()) {
    let color = serviceColor(service);
    while (taken.has(color) && taken.size < SERIES_COLORS) color = (color + 1) % SERIES_COLORS;
    taken.add(color);
    colors.set(service, color);
  }
  return colors;
}
