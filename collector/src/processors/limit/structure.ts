import type { Edit } from '#otlp/rewrite.ts';
import { CROWD, SPOT, SPOT_STRIDE, type Spots } from '#otlp/spots.ts';
import type { LimitConfig } from './config.ts';
import { addCounts, type LimitCounts, type Limited } from './counts.ts';
import { memberEdits } from './members.ts';
import { createShapes, type Shape } from './shapes.ts';
import { deepEdits, listEdits, valueEdits } from './value.ts';

/** The limits on members and values, with what they say of each kind of message worked out. */
export interface Structure {
  config: LimitConfig;
  shapes: readonly (Shape | undefined)[];
}

export function createStructure(config: LimitConfig): Structure {
  return { config, shapes: createShapes(config) };
}

interface Spot {
  kind: number;
  start: number;
  end: number;
  crowd: number;
}

interface Work {
  bytes: Uint8Array;
  structure: Structure;
  edits: Edit[];
  counts: LimitCounts;
  /** Edits at or behind where we are, the next on top; what lies in one of them goes with it. */
  ahead: Edit[];
  /** Where the value trimmed last ends. */
  valueEnd: number;
}

/** Those that matter here, what is around others first. */
function outerFirst(spots: Spots): Spot[] {
  const found: Spot[] = [];
  for (let at = 0; at < spots.length; at += SPOT_STRIDE) {
    const kind = spots[at]!;
    if (kind !== SPOT.crowd && kind !== SPOT.large && kind !== SPOT.deep) continue;
    found.push({ kind, start: spots[at + 2]!, end: spots[at + 3]!, crowd: spots[at + 6]! });
  }
  return found.sort((a, b) => a.start - b.start || b.end - a.end);
}

function isCovered(work: Work, spot: Spot): boolean {
  const { ahead } = work;
  while (ahead.length > 0 && ahead.at(-1)!.end <= spot.start) ahead.pop();
  const next = ahead.at(-1);
  return next !== undefined && next.start <= spot.start && spot.end <= next.end;
}

function limitsOf(work: Work, spot: Spot): Limited | null {
  const { bytes, structure } = work;
  if (spot.kind === SPOT.deep) return deepEdits(bytes, spot, structure.config);
  if (spot.kind === SPOT.crowd && spot.crowd !== CROWD.list) {
    const shape = structure.shapes[spot.crowd];
    if (shape === undefined) return null;
    return memberEdits(bytes, { ...spot, shape }, structure.config.max_value_bytes);
  }
  // What is around it has been trimmed, and this with it.
  if (spot.start < work.valueEnd) return null;
  work.valueEnd = spot.end;
  const edits = spot.kind === SPOT.large ? valueEdits : listEdits;
  return edits(bytes, spot, structure.config);
}

/**
 * What the limits on members and values change in a checked request, given its spots of `crowd`, `large` and `deep`
 * (see `crowdThresholds`); other spots are stepped over. Spots within what is cut are neither changed nor counted.
 * A second call on the result changes nothing. Linear in the bytes of the messages with spots.
 */
export function structureEdits(bytes: Uint8Array, spots: Spots, structure: Structure): Limited {
  const work: Work = { bytes, structure, edits: [], counts: {}, ahead: [], valueEnd: -1 };
  for (const spot of outerFirst(spots)) {
    if (isCovered(work, spot)) continue;
    const limited = limitsOf(work, spot);
    if (limited === null) continue;
    addCounts(work.counts, limited.counts);
    for (const edit of limited.edits) work.edits.push(edit);
    const ascending = limited.edits.toSorted((a, b) => a.start - b.start);
    for (let at = ascending.length - 1; at >= 0; at--) work.ahead.push(ascending[at]!);
  }
  return { edits: work.edits, counts: work.counts };
}
