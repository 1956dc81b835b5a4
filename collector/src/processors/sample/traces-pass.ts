import { textAt } from '#otlp/wire.ts';
import { createAttributeReader, createKeyIndex } from './attribute-texts.ts';
import { createBuiltInDrops } from './built-in-drops.ts';
import type { SampleConfig } from './config.ts';
import { dropWithDescendants } from './descendants.ts';
import { compileDrops, type Drop, dropOf, dropsFor } from './drop-rules.ts';
import type { Pass } from './pass.ts';
import { createRateLimits } from './rate-limits.ts';
import { createTraceRatios, type Ratio } from './ratios.ts';
import type { RememberedTraces } from './remembered-traces.ts';
import { createResourceReader } from './resource-facts.ts';
import { createTraceSampler, type SpanItem } from './sample-traces.ts';
import { createSpanFactsReader, ERROR_STATUS } from './span-facts.ts';
import { traceKeyAt } from './trace-key.ts';
import { type Verdict, walkItems } from './walk.ts';

const SERVER = 2;

/** The spans without a verdict, by trace: what arrived together of each. */
function localTraces(bytes: Uint8Array, spans: readonly SpanItem[]): Iterable<SpanItem[]> {
  const traces = new Map<string, SpanItem[]>();
  for (const span of spans) {
    if (span.verdict !== null) continue;
    const trace = traceKeyAt(bytes, span.traceIdAt);
    const items = traces.get(trace);
    if (items === undefined) traces.set(trace, [span]);
    else items.push(span);
  }
  return traces.values();
}

/** Whether logs ask which traces are kept as a whole. */
function isFollowed({ logs, traces }: SampleConfig): boolean {
  const keepsAny = traces.keep_errors || traces.keep_slow_ms > 0 || traces.keep_llm;
  return keepsAny && logs.follow_traces && logs.rules.some(({ ratio }) => ratio < 1);
}

/** Spans: drop rules, then sampling, then limits. */
export function createTracesPass(config: SampleConfig, remembered: RememberedTraces): Pass {
  const keys = { item: createKeyIndex(), resource: createKeyIndex() };
  const drops = compileDrops(config.drop, 'traces', keys);
  const builtIn = createBuiltInDrops(config, keys.item);
  const readResource = createResourceReader(keys.resource);
  const attributes = createAttributeReader(keys.item.keys);
  const readSpan = createSpanFactsReader(attributes, config.traces);
  const ratioOf = createTraceRatios(config.traces);
  const sample = createTraceSampler(config.traces, remembered);
  const limits = createRateLimits(config, 'traces');
  const isSampled = config.traces.ratio < 1 || config.traces.services.some(({ ratio }) => ratio < 1);
  const isNoted = isSampled || isFollowed(config);

  function readItems(bytes: Uint8Array): { spans: SpanItem[]; roots: Map<SpanItem, Verdict> } {
    const spans: SpanItem[] = [];
    const roots = new Map<SpanItem, Verdict>();
    let here: { service: string; drops: readonly Drop[]; ratio: Ratio; wantsName: boolean };
    walkItems('traces', bytes, {
      open(group) {
        if (group.depth !== 0) return;
        const facts = readResource(bytes, group);
        const possible = dropsFor(drops, facts);
        const wantsName = possible.some(({ name }) => name !== null);
        here = { service: facts.service, drops: possible, ratio: ratioOf(facts.service), wantsName };
      },
      item(place) {
        const facts = readSpan(bytes, place);
        const { ratio, service } = here;
        const span: SpanItem = { ...place, ...facts, service, ratio, verdict: null, change: null };
        spans.push(span);
        const isServed = builtIn !== null && span.kind === SERVER && span.statusCode !== ERROR_STATUS;
        const root = isServed ? builtIn(attributes.texts) : null;
        if (root !== null) roots.set(span, root);
        else if (here.drops.length > 0) {
          const name = here.wantsName ? textAt(bytes, span.nameStart, span.nameEnd) : '';
          span.verdict = dropOf(here.drops, { texts: attributes.texts, name, severity: 0 });
        }
      },
    });
    return { spans, roots };
  }

  return {
    isActive: drops.length > 0 || builtIn !== null || isNoted || limits.isActive,
    run(bytes, nowMs) {
      const { roots, spans } = readItems(bytes);
      dropWithDescendants(bytes, spans, roots);
      if (isNoted) sample(bytes, spans, nowMs);
      if (limits.isActive)
        for (const items of localTraces(bytes, spans)) limits.pass({ items, severity: 0 }, nowMs);
      return spans;
    },
  };
}
