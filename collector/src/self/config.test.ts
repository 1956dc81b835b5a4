import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { selfSchema } from './config.ts';

const validate = new Ajv({ allErrors: true, useDefaults: true }).compile({
  type: 'object',
  properties: { self: selfSchema },
});

test('an empty section is complete with the defaults', () => {
  const config: { self?: unknown } = {};
  assert.equal(validate(config), true);
  assert.deepEqual(config.self, {
    log: {
      level: 'info',
      stdout: 'auto',
      max_files_days: 14,
      max_files: 30,
      max_file_bytes: 20_971_520,
      summary_interval_seconds: 60,
    },
    telemetry: {
      enabled: true,
      trace_sample_ratio: 0.01,
      api_trace_sample_ratio: 1,
      metrics_interval_seconds: 15,
    },
  });
});

test('unknown keys, unknown levels and ratios above one are mistakes', () => {
  assert.equal(validate({ self: { log: { colour: true } } }), false);
  assert.equal(validate({ self: { log: { level: 'loud' } } }), false);
  assert.equal(validate({ self: { telemetry: { trace_sample_ratio: 1.5 } } }), false);
});
