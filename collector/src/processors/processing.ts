import type { Clock } from '#core/clock.ts';
import type { Source } from '#core/payload.ts';
import type { ProcessorCount } from '#core/processor-count.ts';
import { type Checked, checkRequest } from '#otlp/check.ts';
import type { Interest } from '#otlp/interest.ts';
import { type Edit, rewrite } from '#otlp/rewrite.ts';
import { createCleaner, type Noted } from './clean.ts';
import type { ProcessorsConfig } from './config.ts';
import { createProcessorCounts, type ProcessorCounts } from './counts.ts';
import { createEnrich } from './enrich/enrich.ts';
import { createInterest } from './interest.ts';
import { countLimit, type LimitCounts } from './limit/counts.ts';
import { cutText } from './limit/text.ts';
import { limitWarning } from './limit/warning.ts';
import { createLimiter, isForLimits } from './limiter.ts';
import { createRedactor, type GroupSpots, type Redactor } from './redact/redactor.ts';
import { RULES } from './redact/rules/index.ts';
import { createSelect } from './sample/select.ts';
import { createShownNames } from './shown-names.ts';

/** A checked request with what the check noted of `interest`. */
export interface Unprocessed extends Noted {
  items: number;
  /** Of the largest item. */
  longestItemBytes: number;
  receivedUnixNano: bigint;
  source: Source;
}

/** What goes on to the journal: the very same `bytes` when nothing was changed. */
export interface Processed {
  bytes: Uint8Array;
  items: number;
  /** At least as many as the largest item has. */
  longestItemBytes: number;
  /** What the sender should know although all was accepted; '' for nothing. */
  warning: string;
}

export interface Processors {
  interest(receivedUnixNano: bigint): Interest;
  /** Throws only by a fault of its own; then nothing of the request may go on. */
  process(request: Unprocessed): Processed;
  counts(): ProcessorCount[];
  /** The name of a service as others may see it: redacted, as it is kept. */
  shownName(service: string): string;
  redactor: Redactor;
}

export interface ProcessorsDeps {
  /** The key of keyed hashes. */
  hashKey: string;
  clock: Clock;
  /** Of a clock that never goes back. */
  monotonicMs: () => number;
  random: () => number;
  /** Who is to see every item, clean, before some are sampled away. */
  observers?: readonly ((request: Noted) => void)[];
}

const ALL = '(all)';

/**
 * Puts the processors together, in the order in which a request meets them: content modes and redaction, enrichment,
 * limits, then observers, then what drops and samples.
 */
export function createProcessors(config: ProcessorsConfig, deps: ProcessorsDeps): Processors {
  const { counts, shownName } = createCounting(config, deps);
  const { clean, enrich, interest, limiter, redactor, select } = createParts(config, {
    ...deps,
    counts,
    onCut,
  });
  /** What limits did to the request at hand. */
  let total: LimitCounts = {};

  function onCut({ service, signal }: GroupSpots): void {
    countLimit(total, 'value_length', 1);
    counts.add({ processor: 'limit', rule: 'value_length', action: 'cut', service, signal }, 1);
  }

  const recheck = (signal: Noted['signal'], bytes: Uint8Array, receivedUnixNano: bigint) =>
    checkAgain(signal, bytes, interest.at(receivedUnixNano));

  function trim(request: Unprocessed): Unprocessed {
    const bytes = limiter.cutMembers(request, total);
    return bytes === null
      ? request
      : { ...request, ...recheck(request.signal, bytes, request.receivedUnixNano) };
  }

  function cleanAndEnrich(request: Unprocessed): Edit[] {
    const { signal, bytes } = request;
    const edits = request.spots.length === 0 ? [] : clean(request);
    const added = enrich.edits(bytes);
    if (added.inserted > 0) {
      counts.add(
        { processor: 'enrich', rule: 'resource', action: 'inserted', service: ALL, signal },
        added.inserted,
      );
    }
    return added.edits.length === 0 ? edits : [...edits, ...added.edits];
  }

  function limit(request: Unprocessed, clean: Uint8Array): Uint8Array {
    const { receivedUnixNano, signal } = request;
    let bytes = clean;
    if (isForLimits(request.spots)) {
      const noted =
        bytes === request.bytes ? request : { signal, ...recheck(signal, bytes, receivedUnixNano) };
      bytes = limiter.apply(noted, receivedUnixNano, total);
    }
    return signal === 'metrics' ? limiter.applySeries(bytes, total) : bytes;
  }

  function drop(signal: Noted['signal'], before: Work): Work {
    const { dropped, edits, kept } = select.select(signal, before.bytes);
    for (const { items, reason, rule, service } of dropped) {
      counts.add(
        { processor: 'sample', rule: `${reason}:${rule}`, action: 'dropped', service, signal },
        items,
      );
    }
    return { ...edited(before, edits), items: kept };
  }

  return {
    redactor,
    interest(receivedUnixNano) {
      redactor.begin();
      return interest.at(receivedUnixNano);
    },
    counts: () => counts.list(),
    shownName,
    process(request) {
      const { receivedUnixNano, signal, source } = request;
      total = {};
      if (request.items === 0) return { ...unchanged(request), warning: '' };
      const trimmed = trim(request);
      const cleaned = edited(trimmed, cleanAndEnrich(trimmed));
      const bytes = limit(trimmed, cleaned.bytes);
      const isSame = bytes === cleaned.bytes && total.value_length === undefined;
      let work: Work = isSame ? cleaned : recheck(signal, bytes, receivedUnixNano);
      for (const observe of deps.observers ?? []) observe({ ...request, bytes });
      if (select.isActive(signal) && source !== 'self') work = drop(signal, work);
      const { items, longestItemBytes } = work;
      return { bytes: work.bytes, items, longestItemBytes, warning: limitWarning(total, config.limit) };
    },
  };
}

/** What was rewritten has other offsets, and nothing malformed may ever go on. */
function checkAgain(signal: Noted['signal'], bytes: Uint8Array, interest: Interest): Checked & { ok: true } {
  const checked = checkRequest(signal, bytes, { interest });
  if (!checked.ok || checked.rejected > 0) throw new Error('a processor made a request that is not valid');
  return checked;
}

type CountingDeps = ProcessorsDeps & { counts: ProcessorCounts; onCut: (group: GroupSpots) => void };

function createCleaning(config: ProcessorsConfig, deps: CountingDeps) {
  const { max_value_bytes } = config.limit;
  const redactor = createRedactor(config.redact, {
    ...deps,
    rules: RULES,
    maxValueBytes: max_value_bytes,
    cutText: (bytes, totalBytes) =>
      cutText(bytes, { start: 0, end: bytes.length, totalBytes }, max_value_bytes),
  });
  return {
    redactor,
    interest: createInterest(config, redactor),
    clean: createCleaner(config, { redactor, counts: deps.counts }),
  };
}

/** Cleans by itself: a name is looked at while something else is being counted. */
function createNames(config: ProcessorsConfig, deps: ProcessorsDeps): (service: string) => string {
  const counts: ProcessorCounts = { add: () => {}, list: () => [] };
  const { clean, interest, redactor } = createCleaning(config, { ...deps, counts, onCut: () => {} });
  return createShownNames({
    clean,
    interest() {
      redactor.begin();
      return interest.at(deps.clock());
    },
  });
}

function createCounting(config: ProcessorsConfig, deps: ProcessorsDeps) {
  const shownName = createNames(config, deps);
  return {
    shownName,
    counts: createProcessorCounts(() => Number(deps.clock() / 1_000_000n), shownName),
  };
}

function createParts(config: ProcessorsConfig, deps: CountingDeps) {
  return {
    ...createCleaning(config, deps),
    enrich: createEnrich(config.enrich),
    limiter: createLimiter(config.limit, deps),
    select: createSelect(config.sample, deps),
  };
}

type Work = Omit<Processed, 'warning'>;

function unchanged({ bytes, items, longestItemBytes }: Work): Work {
  return { bytes, items, longestItemBytes };
}

/** By which the lengths around a change may grow, at all depths. */
const LENGTHS_BYTES = 32;

/** No item grows by more than all that is put in. */
function edited({ bytes, items, longestItemBytes }: Work, edits: readonly Edit[]): Work {
  if (edits.length === 0) return unchanged({ bytes, items, longestItemBytes });
  let more = 0;
  for (const edit of edits) more += Math.max(0, edit.bytes.length - (edit.end - edit.start)) + LENGTHS_BYTES;
  return { bytes: rewrite(bytes, edits), items, longestItemBytes: longestItemBytes + more };
}
