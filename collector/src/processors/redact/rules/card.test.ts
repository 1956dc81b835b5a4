import assert from 'node:assert/strict';
import { test } from 'node:test';
import { card, isLuhn } from './card.ts';
import { finds, leaves } from './testing/check-cases.ts';

test('numbers of all the large issuers are found', () => {
  finds(card, [
    '⟦4111111111111111⟧',
    'visa ⟦4222222222222⟧',
    '⟦5555555555554444⟧ ⟦2223003122003222⟧',
    'amex ⟦378282246310005⟧, ⟦3782 822463 10005⟧',
    '⟦6011111111111117⟧;⟦3530111333300000⟧;⟦30569309025904⟧',
    '⟦4111 1111 1111 1111⟧ 12/27',
    'pan=⟦4111-1111-1111-1111⟧&cvv=123',
    '{"card":"⟦4111111111111111⟧"}',
    '12 ⟦4111 1111 1111 1111⟧.',
    'x\\n⟦4111111111111111⟧\\n'.replace('x\\n', ''),
  ]);
});

test('numbers that fail the check or belong to something longer stay', () => {
  leaves(card, [
    '4111111111111112',
    '4111 1111 1111 1112',
    '41111111111111110000000',
    'a4111111111111111 4111111111111111b _4111111111111111',
    '0.4111111111111111 4111111111111111.5',
    '4111-1111-1111-1111-1111-1111',
    '4111  1111 1111 1111',
    '4111-1111 1111-1111',
    '4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1',
    '1764039077123456789 1764039077123',
    '550e8400-e29b-41d4-a716-446655440000',
    '4222222222222 without a word for it',
  ]);
});

test('the check digit is that of ISO/IEC 7812', () => {
  assert.ok(isLuhn('79927398713'));
  for (const last of '012456789') assert.ok(!isLuhn(`7992739871${last}`));
});
