import { createAttributeReader, createKeyIndex } from './attribute-texts.ts';
import { createBuiltInDrops } from './built-in-drops.ts';
import type { SampleConfig } from './config.ts';
import { compileDrops, type Drop, dropOf, dropsFor } from './drop-rules.ts';
import { createLogFactsReader } from './log-facts.ts';
import type { Pass } from './pass.ts';
import { createRateLimits } from './rate-limits.ts';
import { createLogRatios } from './ratios.ts';
import { createResourceReader } from './resource-facts.ts';
import { createLogSampler, type LogItem, type LogSamplerDeps, SAMPLING_KEYS } from './sample-logs.ts';
import { lowestNumber } from './severity.ts';
import { walkItems } from './walk.ts';

/** Log records: drop rules, then sampling, then limits. */
export function createLogsPass(config: SampleConfig, deps: LogSamplerDeps): Pass {
  const keys = { item: createKeyIndex(), resource: createKeyIndex() };
  const [threshold, randomness] = SAMPLING_KEYS.map((key) => keys.item.indexOf(key)) as [number, number];
  const drops = compileDrops(config.drop, 'logs', keys);
  const builtIn = createBuiltInDrops(config, keys.item);
  const readResource = createResourceReader(keys.resource);
  const attributes = createAttributeReader(keys.item.keys);
  const readRecord = createLogFactsReader(attributes, threshold);
  const ratioOf = createLogRatios(config.logs);
  const sample = createLogSampler(config.logs, deps);
  const limits = createRateLimits(config, 'logs');
  const isSampled = config.logs.rules.some(({ ratio }) => ratio < 1);

  function verdictOf(severity: number, possible: readonly Drop[]): LogItem['verdict'] {
    const { texts } = attributes;
    const isFailure = severity >= lowestNumber('error');
    const served = builtIn === null || isFailure ? null : builtIn(texts);
    return served ?? dropOf(possible, { texts, name: '', severity });
  }

  function readItems(bytes: Uint8Array): LogItem[] {
    const records: LogItem[] = [];
    let service = '';
    let possible: readonly Drop[] = [];
    walkItems('logs', bytes, {
      open(group) {
        if (group.depth !== 0) return;
        const facts = readResource(bytes, group);
        service = facts.service;
        possible = dropsFor(drops, facts);
      },
      item(place) {
        const facts = readRecord(bytes, place);
        records.push({
          ...place,
          ...facts,
          service,
          ratio: isSampled ? ratioOf(service, facts.severity) : null,
          thresholdText: attributes.texts[threshold] ?? null,
          randomnessText: attributes.texts[randomness] ?? null,
          verdict: verdictOf(facts.severity, possible),
          change: null,
        });
      },
    });
    return records;
  }

  return {
    isActive: drops.length > 0 || builtIn !== null || isSampled || limits.isActive,
    run(bytes, nowMs) {
      const records = readItems(bytes);
      if (isSampled) sample(bytes, records, nowMs);
      if (limits.isActive)
        for (const record of records)
          if (record.verdict === null) limits.pass({ items: [record], severity: record.severity }, nowMs);
      return records;
    },
  };
}
