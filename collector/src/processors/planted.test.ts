import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SIGNALS, type Signal } from '#core/signal.ts';
import { jsonToProtobuf } from '#otlp/json-to-protobuf.ts';
import { type Field, MESSAGES, type MessageName, REQUESTS } from '#otlp/schema.ts';
import { jsonForm } from '#otlp/testing/json-form.ts';
import { encodeAs, type Plain, REQUEST_NAMES } from '#otlp/testing/reference.ts';
import { loadPositives } from './redact/corpus/load-corpus.ts';
import { processBytes, testProcessors } from './testing/process-request.ts';

const ADDRESS = 'jane.roe@mail.example.org';
const TEXT = `mail to ${ADDRESS}, please`;
/** Names of attributes and of what a service is made of; redaction changes values only. */
const isName = (message: MessageName, field: Field) => message === 'KeyValue' && field.name === 'key';
const MAX_VALUES = 2;

/** A message in which every text holds an address, and every message is there; `which` picks among alternatives. */
function planted(name: MessageName, which: number, depth = 0): Plain {
  const plain: Plain = {};
  const members = MESSAGES[name].filter(({ oneof }) => oneof !== undefined);
  const chosen = members[which % Math.max(1, members.length)];
  for (const field of MESSAGES[name]) {
    if (field.oneof !== undefined && field !== chosen) continue;
    const value = plantedField(name, field, { which, depth });
    if (value !== undefined) plain[field.name] = field.repeated ? [value] : value;
  }
  return plain;
}

function plantedField(name: MessageName, field: Field, at: { which: number; depth: number }): unknown {
  if (field.kind === 'string') return isName(name, field) ? 'note' : TEXT;
  if (field.kind === 'bytes') return Buffer.from(TEXT);
  if (field.name === 'traceId') return Buffer.alloc(16, 1);
  if (field.name === 'spanId') return Buffer.alloc(8, 1);
  if (field.kind !== 'message') return undefined;
  const isValue = field.message === 'AnyValue';
  if (isValue && at.depth >= MAX_VALUES) return { stringValue: TEXT };
  return planted(field.message!, at.which, at.depth + (isValue ? 1 : 0));
}

const occurrences = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1').split(ADDRESS).length - 1;

function plantedRequests(signal: Signal): Plain[] {
  return Array.from({ length: 8 }, (_, which) => planted(REQUESTS[signal], which));
}

for (const signal of SIGNALS) {
  test(`${signal}: an address in every text there is, of every message, is gone`, () => {
    for (const request of plantedRequests(signal)) {
      const bytes = encodeAs(REQUEST_NAMES[signal], request);
      assert.ok(occurrences(bytes) > 5);
      assert.equal(occurrences(processBytes(testProcessors(), signal, bytes).bytes), 0);
      const off = testProcessors({ redact: { enabled: false } });
      assert.equal(occurrences(processBytes(off, signal, bytes).bytes), occurrences(bytes));
    }
  });

  test(`${signal}: the same when it came as JSON`, () => {
    for (const request of plantedRequests(signal)) {
      const json = Buffer.from(JSON.stringify(jsonForm(REQUEST_NAMES[signal], request)));
      const transcoded = jsonToProtobuf(signal, json);
      assert.ok(transcoded.ok);
      assert.equal(occurrences(processBytes(testProcessors(), signal, transcoded.bytes).bytes), 0);
    }
  });
}

test('what is counted tells rule, service and signal, and never the value', () => {
  const processors = testProcessors();
  processBytes(processors, 'logs', encodeAs(REQUEST_NAMES.logs, planted(REQUESTS.logs, 0)));
  const counts = processors.counts();
  assert.ok(
    counts.some(
      ({ processor, rule, signal }) => processor === 'redact' && rule === 'email' && signal === 'logs',
    ),
  );
  assert.ok(!JSON.stringify(counts).includes(ADDRESS));
});

test('a secret of each kind, next to ordinary text, is gone from body, name and nested value', () => {
  const positives = loadPositives().filter(({ category }) => category !== 'ip');
  const byCategory = new Map(positives.toReversed().map((positive) => [positive.category, positive]));
  assert.ok(byCategory.size >= 18);
  for (const { category, secrets, text } of byCategory.values()) {
    const value = { stringValue: text };
    const nested = { arrayValue: { values: [{ kvlistValue: { values: [{ key: 'inner', value }] } }] } };
    const request = {
      resourceLogs: [
        { scopeLogs: [{ logRecords: [{ body: value, attributes: [{ key: 'x', value: nested }] }] }] },
      ],
    };
    const { bytes } = processBytes(testProcessors(), 'logs', encodeAs(REQUEST_NAMES.logs, request));
    for (const secret of secrets)
      assert.ok(!Buffer.from(bytes).includes(secret.value), `${category}: ${text}`);
  }
});
