import { createCursor, readUint32, skipField, textAt } from '#otlp/wire.ts';
import { type AttributeReader, createAttributeReader, createKeyIndex } from './attribute-texts.ts';
import type { SampleConfig } from './config.ts';
import { compileDrops, type Drop, dropOf, dropsFor } from './drop-rules.ts';
import type { Pass } from './pass.ts';
import { createRateLimits } from './rate-limits.ts';
import { createResourceReader } from './resource-facts.ts';
import { fieldIn, type Group, type Item, type Place, walkItems } from './walk.ts';

const METRIC_DEPTH = 2;
const METRIC_NAME = 0x0a;
/** The tag of a point's attributes by that of the data it is in: gauge, sum, histogram, exponential one, summary. */
const ATTRIBUTES = new Map([
  [0x2a, 0x3a],
  [0x3a, 0x3a],
  [0x4a, 0x4a],
  [0x52, 0x0a],
  [0x5a, 0x3a],
]);

const cursor = createCursor();

function readAttributes(bytes: Uint8Array, { end, group, start }: Place, attributes: AttributeReader): void {
  const wanted = ATTRIBUTES.get(group.tag);
  attributes.clear();
  cursor.at = start;
  while (cursor.at < end) {
    const tag = readUint32(bytes, cursor);
    if (tag !== wanted) {
      skipField(bytes, cursor, tag);
      continue;
    }
    const length = readUint32(bytes, cursor);
    const from = cursor.at;
    cursor.at += length;
    attributes.add(bytes, from, cursor.at);
  }
}

function nameOf(bytes: Uint8Array, metric: Group): string {
  const { end, start } = fieldIn(bytes, METRIC_NAME, metric);
  return textAt(bytes, start, end);
}

/** Data points: drop rules, then limits. */
export function createMetricsPass(config: SampleConfig): Pass {
  const keys = { item: createKeyIndex(), resource: createKeyIndex() };
  const drops = compileDrops(config.drop, 'metrics', keys);
  const readResource = createResourceReader(keys.resource);
  const attributes = createAttributeReader(keys.item.keys);
  const limits = createRateLimits(config, 'metrics');

  function readItems(bytes: Uint8Array): Item[] {
    const points: Item[] = [];
    let service = '';
    let name = '';
    let possible: readonly Drop[] = [];
    let wantsAttributes = false;
    walkItems('metrics', bytes, {
      open(group) {
        if (group.depth === METRIC_DEPTH && possible.length > 0) name = nameOf(bytes, group);
        if (group.depth !== 0) return;
        const facts = readResource(bytes, group);
        service = facts.service;
        possible = dropsFor(drops, facts);
        wantsAttributes = possible.some(({ item }) => item.length > 0);
      },
      item(place) {
        if (wantsAttributes) readAttributes(bytes, place, attributes);
        const verdict = dropOf(possible, { texts: attributes.texts, name, severity: 0 });
        points.push({ ...place, service, verdict, change: null });
      },
    });
    return points;
  }

  return {
    isActive: drops.length > 0 || limits.isActive,
    run(bytes, nowMs) {
      const points = readItems(bytes);
      if (limits.isActive)
        for (const point of points)
          if (point.verdict === null) limits.pass({ items: [point], severity: 0 }, nowMs);
      return points;
    },
  };
}
