import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attributeField } from './attribute-field.ts';
import { decodeAs, encodeAs } from './testing/reference.ts';

const MESSAGES = [
  ['Span', 0x4a],
  ['LogRecord', 0x32],
  ['NumberDataPoint', 0x3a],
] as const;

test('an attribute is a field of the message whose tag it got', () => {
  for (const [message, tag] of MESSAGES) {
    const attribute = { key: 'signalbox.content.mode', value: { stringValue: 'full' } };
    const expected = encodeAs(message, { attributes: [attribute] });
    const [length] = [encodeAs('KeyValue', attribute).length];
    const field = attributeField(tag, 'signalbox.content.mode', 'full');
    assert.equal(field.length, length + 2);
    assert.ok(Buffer.from(expected).includes(Buffer.from(field)), message);
  }
});

test('text that is long, empty or not ASCII is kept', () => {
  for (const [key, value] of [
    ['', ''],
    ['ключ', '😀'.repeat(100)],
    ['k'.repeat(20_000), 'v'.repeat(200)],
  ] as const) {
    const { attributes } = decodeAs('Span', attributeField(0x4a, key, value));
    const [attribute] = attributes as [{ key: string; value: { stringValue: string } }];
    assert.equal(attribute.key, key);
    assert.equal(attribute.value.stringValue, value);
  }
});
