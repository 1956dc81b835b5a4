import { SERIES_COLORS } from './chart-series.ts';

/** Where chosen colours are kept between visits; `localStorage` fits. */
export interface ColorMemory {
  read(): string | null;
  write(text: string): void;
}

/** Names beyond this many get a colour but are not remembered. */
const REMEMBERED = 200;

function hash(text: string): number {
  let value = 2166136261;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 16777619);
  return value >>> 0;
}

/**
 * Gives each service a colour, an index below `SERIES_COLORS`, the same on every page. The name decides, but while
 * colours are free no two services share one, so what was seen before is remembered.
 */
export function createServiceColors(memory: ColorMemory): (service: string) => number {
  const colors = new Map(parse(memory.read()));
  return (service) => {
    const known = colors.get(service);
    if (known !== undefined) return known;
    const color = freeColor(hash(service) % SERIES_COLORS, new Set(colors.values()));
    if (colors.size < REMEMBERED) {
      colors.set(service, color);
      memory.write(JSON.stringify([...colors]));
    }
    return color;
  };
}

function freeColor(wanted: number, taken: ReadonlySet<number>): number {
  if (taken.size >= SERIES_COLORS) return wanted;
  let color = wanted;
  while (taken.has(color)) color = (color + 1) % SERIES_COLORS;
  return color;
}

function parse(text: string | null): [string, number][] {
  try {
    const kept: unknown = JSON.parse(text ?? '[]');
    if (!Array.isArray(kept)) return [];
    return kept.filter(
      (pair): pair is [string, number] =>
        Array.isArray(pair) &&
        typeof pair[0] === 'string' &&
        Number.isInteger(pair[1]) &&
        pair[1] < SERIES_COLORS,
    );
  } catch {
    return [];
  }
}
