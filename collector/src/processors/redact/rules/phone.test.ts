import { test } from 'node:test';
import { phone } from './phone.ts';
import { finds, leaves } from './testing/check-cases.ts';

test('international numbers are found', () => {
  finds(phone, [
    '⟦+4915112345678⟧',
    '⟦+49 30 1234567⟧, ⟦+49 (0) 30 1234567⟧',
    'to ⟦+44 (0)20 7946 0958⟧.',
    '⟦+1 (415) 555-2671⟧ ⟦+1-415-555-2671⟧ ⟦+1.415.555.2671⟧',
    'to=⟦%2B14155552671⟧&x',
    '"⟦+33 1 42 68 53 00⟧"',
    'tel:⟦+65 6123 4567⟧',
  ]);
});

test('North American numbers are found without a country', () => {
  finds(phone, ['⟦(415) 555-2671⟧', 'at ⟦415-555-2671⟧,', '⟦1-800-555-1234⟧', '⟦(415)555-2671⟧']);
});

test('other numbers are found near a word for telephones', () => {
  finds(phone, [
    'phone: ⟦030 1234567⟧',
    '"phoneNumber":"⟦01511234567⟧"',
    'mobile ⟦0171/1234567⟧',
    'call me at ⟦555 1234⟧ please',
    'tel:⟦5551234567⟧',
  ]);
});

test('times, versions, identifiers, amounts and addresses stay', () => {
  leaves(phone, [
    '2026-03-14T09:26:53.589+01:00 2026-03-14 09:26:53 +0000',
    '1764039077 1764039077123 1764039077123456789',
    'phone seen at 1764039077',
    'call at 2026-03-14 09:26',
    'v1.2.3+20260314120000 1e+10 +12345678',
    '550e8400-e29b-41d4-a716-446655440000 415-555-26711 a415-555-2671',
    'iPhone 14 tel 10.0.0.17 hotel 1234567',
    '123-456-7890 015-555-2671',
    '4111 1111 1111 1111 1234567 12345678',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1) AppleWebKit/605.1.15',
  ]);
});
