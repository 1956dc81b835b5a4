import type { Clock } from '#core/clock.ts';
import { type Edit, rewrite } from '#otlp/rewrite.ts';
import { CROWD, SPOT, SPOT_STRIDE, type Spots } from '#otlp/spots.ts';
import { forEachGroup, type Noted, type NotedGroup } from './clean.ts';
import { OTHER_SERVICES, type ProcessorCounts } from './counts.ts';
import { createCardinalityGuard } from './limit/cardinality/guard.ts';
import type { LimitConfig } from './limit/config.ts';
import { addCounts, type LimitCounts } from './limit/counts.ts';
import { createStructure, structureEdits } from './limit/structure.ts';
import { timeEdits, writeTimes } from './limit/times.ts';

const ACTIONS: Partial<Record<keyof LimitCounts, string>> = { time: 'clamped', series: 'merged' };
const KINDS: readonly number[] = [SPOT.crowd, SPOT.large, SPOT.deep, SPOT.time];

/** Whether the limits have to look at what the check noted. */
export function isForLimits(spots: Spots): boolean {
  for (let at = 0; at < spots.length; at += SPOT_STRIDE) if (KINDS.includes(spots[at]!)) return true;
  return false;
}

export interface Limiter {
  /**
   * The request without the members that are beyond the limits: whole attributes, events and the like, so that it is safe
   * before redaction, which would otherwise work for what is cut. null when there are none.
   */
  cutMembers(noted: Noted, total: LimitCounts): Uint8Array | null;
  /** The request within the limits on members, values and times; `total` is added to. */
  apply(noted: Noted, receivedUnixNano: bigint, total: LimitCounts): Uint8Array;
  /** The request within the limits on series, for metrics. */
  applySeries(bytes: Uint8Array, total: LimitCounts): Uint8Array;
}

/** Those of messages; in lists a text could be cut in the middle of a secret. */
function crowdsOf({ from, spots, to }: NotedGroup): Spots {
  const crowds: Spots = [];
  for (let at = from; at < to; at += SPOT_STRIDE) {
    if (spots[at] !== SPOT.crowd || spots[at + 6] === CROWD.list) continue;
    for (let i = 0; i < SPOT_STRIDE; i++) crowds.push(spots[at + i]!);
  }
  return crowds;
}

/** Makes what holds requests to the section `limit`. */
export function createLimiter(config: LimitConfig, deps: { clock: Clock; counts: ProcessorCounts }): Limiter {
  const structure = createStructure(config);
  const guard = createCardinalityGuard(config, deps.clock);

  function count(group: Pick<NotedGroup, 'service' | 'signal'>, done: LimitCounts): void {
    for (const [rule, more] of Object.entries(done)) {
      const action = ACTIONS[rule as keyof LimitCounts] ?? 'cut';
      const { service, signal } = group;
      deps.counts.add({ processor: 'limit', rule, action, service, signal }, more);
    }
  }

  return {
    cutMembers(noted, total) {
      const edits: Edit[] = [];
      forEachGroup(noted, (group) => {
        const crowds = crowdsOf(group);
        if (crowds.length === 0) return;
        const limited = structureEdits(noted.bytes, crowds, structure);
        for (const edit of limited.edits) edits.push(edit);
        count(group, limited.counts);
        addCounts(total, limited.counts);
      });
      return edits.length === 0 ? null : rewrite(noted.bytes, edits);
    },

    apply(noted, receivedUnixNano, total) {
      const edits: Edit[] = [];
      // Times may be written over in place, and these bytes may be what is forwarded as it came.
      const bytes = noted.bytes.slice();
      const { signal } = noted;
      forEachGroup(noted, (group) => {
        const spots = group.spots.slice(group.from, group.to);
        const structural = structureEdits(noted.bytes, spots, structure);
        const times = timeEdits(noted.bytes, spots, { signal, receivedUnixNano, config });
        writeTimes(bytes, times.inPlace);
        for (const edit of structural.edits) edits.push(edit);
        for (const edit of times.edits) edits.push(edit);
        const done: LimitCounts = {};
        addCounts(done, structural.counts);
        addCounts(done, times.counts);
        count(group, done);
        addCounts(total, done);
      });
      return edits.length === 0 ? bytes : rewrite(bytes, edits);
    },

    applySeries(bytes, total) {
      const { counts: done, edits, overflowed } = guard.guard(bytes);
      let told = 0;
      for (const { dropped, points, service } of overflowed) {
        told += points;
        count({ service, signal: 'metrics' }, { series: points - dropped });
        const rule = 'series';
        deps.counts.add({ processor: 'limit', rule, action: 'dropped', service, signal: 'metrics' }, dropped);
      }
      // Only so many metrics are named.
      count({ service: OTHER_SERVICES, signal: 'metrics' }, { series: (done.series ?? 0) - told });
      addCounts(total, done);
      return edits.length === 0 ? bytes : rewrite(bytes, edits);
    },
  };
}
