import type { Signal } from '#core/signal.ts';
import type { Edit } from '#otlp/rewrite.ts';
import { SPOT, SPOT_STRIDE, type Spots } from '#otlp/spots.ts';
import type { KeptRange } from '../content/content-edits.ts';
import type { ProcessorCounts } from '../counts.ts';
import type { RedactConfig } from './config.ts';
import { ipReplacement } from './ip-address.ts';
import { createKeyedHash } from './keyed-hash.ts';
import { COSTLY_RULE, FAILED_RULE, KEY_RULES, markerOf } from './marker.ts';
import { createPolicies, type Policy } from './policies.ts';
import { createSpotRedactor } from './redact-spots.ts';
import type { Rule } from './rule.ts';
import { type TextEditDeps, textEdit } from './text-edit.ts';
import type { TextRedactor } from './text-redactor.ts';
import { createTimeBudget } from './time-budget.ts';

/** The spots of one resource group, and whose it is. */
export interface GroupSpots {
  signal: Signal;
  service: string;
  bytes: Uint8Array;
  spots: Spots;
  from: number;
  to: number;
  /** Values that stay as they are; ascending. */
  kept: readonly KeptRange[];
}

export interface Redactor {
  /** Begins a request: the time that looking through texts may take is counted from here. */
  begin(): void;
  /** Is told of work for the request; throws once there is no time left. */
  spend(): void;
  /** For the check: whether a text holds something. */
  scan: TextRedactor['scan'];
  /** Whether anything of a service is redacted. */
  isOn(service: string): boolean;
  /** What becomes of the values at these spots; texts longer than `maxValueBytes` are cut by `cutText` afterwards. */
  edits(group: GroupSpots): Edit[];
  /** One text by itself, for who tries the rules out; null when nothing is found. */
  text(service: string, bytes: Uint8Array): Uint8Array | null;
  hash(value: string): string;
}

export interface RedactorDeps extends TextEditDeps {
  rules: readonly Rule[];
  hashKey: string;
  /** Of a clock that never goes back. */
  monotonicMs: () => number;
  counts: ProcessorCounts;
  onCut: (group: GroupSpots) => void;
}

/** Far beyond what a request of 64 MiB of ordinary telemetry takes. */
const MAX_MS = 3_000;

/** Makes what takes secrets and personal data out of the values that the check noted. */
export function createRedactor(config: RedactConfig, deps: RedactorDeps): Redactor {
  const hash = createKeyedHash(deps.hashKey);
  let current: { signal: Signal; service: string } = { signal: 'logs', service: '' };

  function onHit(rule: string): void {
    const action = HASHING.has(rule) ? 'hashed' : 'redacted';
    deps.counts.add({ processor: 'redact', rule, action, ...current }, 1);
  }

  const rules = deps.rules.filter(({ name }) => name !== 'ip' || config.ip_addresses !== 'keep');
  const budget = createTimeBudget(MAX_MS, deps.monotonicMs);
  const policies = createPolicies(config, { rules, replace, onHit, onWork: budget.spend });
  const spotRedactor = createSpotRedactor({
    hash,
    userIds: config.user_ids,
    ipAddresses: config.ip_addresses,
    onHit,
    markers: new Set(markerNames(config, deps.rules).map(markerOf)),
  });

  function replace(rule: string, found: string): string {
    if (rule === 'ip') return ipReplacement(config.ip_addresses, hash, found);
    return rule === 'signed-url' ? SEMCONV_MARKER : markerOf(rule);
  }

  function spotEdit(group: GroupSpots, policy: Policy, at: number): Edit | null {
    const { bytes, spots } = group;
    const kind = spots[at]!;
    const start = spots[at + 2]!;
    const end = spots[at + 3]!;
    const isKept = isIn(group.kept, start);
    if (kind === SPOT.text || kind === SPOT.bytes) {
      const onCut = () => deps.onCut(group);
      return textEdit(bytes, { start, end }, { ...deps, policy: isKept ? null : policy, onCut });
    }
    if (isKept) return null;
    if (kind === SPOT.keyed) return spotRedactor.keyed(policy, spots[at + 6]!, { bytes, start, end });
    if (kind === SPOT.integer && policy.enabled) {
      return spotRedactor.integer(policy, { bytes, start, end, tagAt: spots[at + 1]! });
    }
    return null;
  }

  function spotEdits(group: GroupSpots, policy: Policy, isWanted: (at: number) => boolean): Edit[] {
    const edits: Edit[] = [];
    for (let at = group.from; at < group.to; at += SPOT_STRIDE) {
      const edit = isWanted(at) ? spotEdit(group, policy, at) : null;
      if (edit !== null) edits.push(edit);
    }
    return edits;
  }

  return {
    begin: budget.begin,
    spend: budget.spend,
    scan: policies.scan,
    hash,
    isOn: (service) => policies.of(service).enabled,
    edits(group) {
      current = { signal: group.signal, service: group.service };
      const policy = policies.of(group.service);
      // What goes because of its key is not looked at, nor counted, a second time.
      const { spots } = group;
      const keyed = outermost(spotEdits(group, policy, (at) => spots[at] === SPOT.keyed));
      const isTaken = (at: number) => isIn(keyed, spots[at + 2]!);
      return [...keyed, ...spotEdits(group, policy, (at) => spots[at] !== SPOT.keyed && !isTaken(at))];
    },
    text(service, bytes) {
      return policies.of(service).texts.redact(bytes, 0, bytes.length);
    },
  };
}

function markerNames({ custom }: RedactConfig, rules: readonly Rule[]): string[] {
  const named = [...rules, ...custom].map(({ name }) => name);
  return [...named, ...Object.values(KEY_RULES), FAILED_RULE, COSTLY_RULE];
}

const HASHING = new Set(['user-id']);

/** What the semantic conventions want in the place of secrets in URLs (registry, `url.full`). */
const SEMCONV_MARKER = 'REDACTED';

/** Ascending, without those within others. */
function outermost(edits: Edit[]): Edit[] {
  let reach = -1;
  return edits
    .sort((a, b) => a.start - b.start || b.end - a.end)
    .filter(({ end, start }) => {
      if (start < reach) return false;
      reach = end;
      return true;
    });
}

/** Whether an offset is in one of the ranges, which are ascending. */
function isIn(ranges: readonly KeptRange[], at: number): boolean {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[middle]!.end <= at) low = middle + 1;
    else high = middle;
  }
  return low < ranges.length && ranges[low]!.start <= at;
}
