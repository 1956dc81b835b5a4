import { test } from 'node:test';
import { paymentKey } from './payment-key.ts';
import { filler, finds, leaves } from './testing/check-cases.ts';

test('secret keys of payment and shop services are found', () => {
  finds(paymentKey, [
    ...['sk_live_', 'sk_test_', 'rk_live_'].map((prefix) => `"⟦${prefix}${filler(24)}⟧"`),
    `⟦whsec_${filler(32)}⟧`,
    `⟦sq0atp-${filler(22)}⟧ ⟦sq0csp-${filler(43)}⟧ ⟦EAAA${filler(60)}⟧`,
    ...['shpat_', 'shpss_', 'shpca_', 'shppa_'].map((prefix) => `⟦${prefix}${filler(32, 'hex')}⟧`),
    `⟦sk_org_live_${filler(60)}⟧ ⟦pdl_live_apikey_01${filler(26, 'lower')}_${filler(22)}_${filler(3)}⟧`,
    `⟦access_token$production$${filler(16, 'lower')}$${filler(32, 'hex')}⟧`,
    `⟦access-sandbox-3f9a0c71-be58-d246-3f9a-0c71be58d246⟧`,
  ]);
});

test('keys made to be published and plain words stay', () => {
  leaves(paymentKey, [
    `pk_live_${filler(24)}`,
    'sk_live_ sk_test_your_key',
    'test_the_thing live_view test_abcdefghijklmnopqrstuvwxyzabcd',
    `cus_${filler(14)} pi_${filler(24)}`,
  ]);
});
