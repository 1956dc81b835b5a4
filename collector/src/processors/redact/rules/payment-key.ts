import { ALNUM, BASE64, DASH, HEX, JOINT, URL64, WORD } from './bytes.ts';
import { createTokenRule } from './token-matcher.ts';

const STRIPE = ['sk_', 'sk_org_', 'rk_', 'ek_'].flatMap((kind) => [`${kind}live_`, `${kind}test_`]);
const SHOPIFY = ['shpat_', 'shpss_', 'shpca_', 'shppa_'];
const PLAID = ['access-sandbox-', 'access-development-', 'access-production-'];
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;

/** Secret keys of payment and shop services; keys made to be published (`pk_live_`) are none. */
export const paymentKey = createTokenRule({
  name: 'payment-key',
  title: 'Payment keys (Stripe, Square, Shopify, Braintree, ...)',
  prefixed: [
    ...STRIPE.map((prefix) => ({ prefix, alphabet: WORD, min: 16 })),
    { prefix: 'whsec_', alphabet: BASE64, min: 24 },
    { prefix: 'sq0atp-', alphabet: URL64, min: 22, max: 22 },
    { prefix: 'sq0csp-', alphabet: URL64, min: 43, max: 43 },
    { prefix: 'EAAA', alphabet: URL64, min: 56 },
    ...SHOPIFY.map((prefix) => ({ prefix, alphabet: HEX, min: 32, max: 32 })),
    ...['access_token$production$', 'access_token$sandbox$'].map((prefix) => ({
      prefix,
      alphabet: ALNUM | JOINT,
      min: 49,
      max: 49,
      shape: /^[\da-z]{16}\$[\da-f]{32}$/,
    })),
    ...['pdl_live_apikey_', 'pdl_sdbx_apikey_'].map((prefix) => ({ prefix, alphabet: WORD, min: 40 })),
    ...PLAID.map((prefix) => ({ prefix, alphabet: HEX | DASH, min: 36, max: 36, shape: UUID })),
    ...['rzp_live_', 'rzp_test_'].map((prefix) => ({ prefix, alphabet: ALNUM, min: 14, max: 24 })),
    { prefix: 'FLWSECK-', alphabet: URL64, min: 32, shape: /^[\da-f]{32}-X$/ },
    { prefix: 'FLWSECK_TEST-', alphabet: URL64, min: 12 },
    ...['live_', 'test_'].map((prefix) => ({
      prefix,
      alphabet: ALNUM,
      min: 30,
      max: 30,
      shape: /(?=.*\d)(?=.*[A-Z])(?=.*[a-z])/,
    })),
  ],
});
