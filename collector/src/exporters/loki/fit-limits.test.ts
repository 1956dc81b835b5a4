import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { checkRequest } from '#otlp/check.ts';
import { encodeAs, type Plain } from '#otlp/testing/reference.ts';
import { fitForLoki } from './fit.ts';
import { LOKI_LIMITS, mayNeedFit } from './fit-limits.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

interface Configuration {
  limits_config: Record<string, unknown> & {
    otlp_config: { resource_attributes: { attributes_config: [{ action: string; attributes: string[] }] } };
  };
}

/** Loki's sizes: `1MB` is 2^20. */
function bytesOf(size: unknown): number {
  const [, digits, unit] = /^(\d+)(KB|MB)$/.exec(String(size))!;
  return Number(digits) * (unit === 'KB' ? KIB : MIB);
}

test('the limits are those of the configuration of the stack, and what it leaves out is what Loki does without it', () => {
  const path = new URL('../../../../loki/loki.yaml', import.meta.url);
  const { limits_config: limits } = parse(readFileSync(path, 'utf8')) as Configuration;
  const [labels] = limits.otlp_config.resource_attributes.attributes_config;
  assert.deepEqual(
    {
      maxLineBytes: bytesOf(limits.max_line_size),
      maxMetadataBytes: bytesOf(limits.max_structured_metadata_size),
      maxMetadataEntries: limits.max_structured_metadata_entries_count,
      maxLabelValueBytes: limits.max_label_value_length ?? 2048,
      maxLabelNameBytes: limits.max_label_name_length ?? 1024,
      maxLabels: limits.max_label_names_per_series ?? 15,
      indexLabels: labels.attributes,
    },
    LOKI_LIMITS,
  );
  assert.equal(labels.action, 'index_label');
});

const requestOf = (body: Plain) =>
  encodeAs('ExportLogsServiceRequest', { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body }] }] }] });

test('sizes below which nothing can be too long need no look, and sizes above do', () => {
  const info = (longestItemBytes: number, uncompressedBytes: number) => ({
    longestItemBytes,
    uncompressedBytes,
  });
  assert.equal(mayNeedFit(info(300, 150_000), LOKI_LIMITS), false);
  assert.equal(mayNeedFit(info(MIB / 6 + 1, MIB / 6 + 1), LOKI_LIMITS), true);
  assert.equal(mayNeedFit(info(300, 256 * KIB), LOKI_LIMITS), true);
  for (const byte of ['x', '\u0001']) {
    for (const length of [100_000, 174_000, 175_000, 250_000]) {
      const value = { stringValue: byte.repeat(length) };
      const payload = requestOf(byte === 'x' ? value : { arrayValue: { values: [value] } });
      const checked = checkRequest('logs', payload);
      assert.ok(checked.ok);
      const { longestItemBytes } = checked;
      if (mayNeedFit({ longestItemBytes, uncompressedBytes: payload.length }, LOKI_LIMITS)) continue;
      assert.equal(fitForLoki(payload, LOKI_LIMITS).payload, payload);
    }
  }
});
