import { ALNUM, BASE64, DASH, DIGIT, DOT, HEX, LOWER, UPPER, URL64 } from './bytes.ts';
import { createTokenRule } from './token-matcher.ts';

const UPPER_ALNUM = UPPER | DIGIT;

/** Keys of clouds and hosting platforms. */
export const cloudKey = createTokenRule({
  name: 'cloud-key',
  title: 'Cloud keys (AWS, Google, Azure, Alibaba, DigitalOcean, ...)',
  prefixed: [
    ...['AKIA', 'ASIA', 'ABIA', 'ACCA'].map((prefix) => ({
      prefix,
      alphabet: UPPER_ALNUM,
      min: 16,
      max: 16,
    })),
    { prefix: 'ABSK', alphabet: BASE64, min: 100 },
    { prefix: 'bedrock-api-key-', alphabet: BASE64, min: 40 },
    { prefix: 'AIza', alphabet: URL64, min: 35, max: 35 },
    { prefix: 'GOCSPX-', alphabet: URL64, min: 28, max: 28 },
    { prefix: 'ya29.', alphabet: URL64 | DOT, min: 20 },
    { prefix: '1//0', alphabet: URL64, min: 38 },
    { prefix: 'GOOG1', alphabet: UPPER_ALNUM, min: 24, max: 60 },
    { prefix: 'AccountKey=', alphabet: BASE64, min: 40, keepsPrefix: true },
    { prefix: 'SharedAccessKey=', alphabet: BASE64, min: 40, keepsPrefix: true },
    { prefix: 'LTAI', alphabet: ALNUM, min: 12, max: 26 },
    { prefix: 'AKID', alphabet: ALNUM, min: 32, max: 36 },
    ...['dop_v1_', 'doo_v1_', 'dor_v1_'].map((prefix) => ({ prefix, alphabet: HEX, min: 64, max: 64 })),
    { prefix: 'HRKU-', alphabet: URL64, min: 36, max: 72 },
    { prefix: 'fm2_', alphabet: BASE64 | URL64, min: 100 },
    { prefix: 'fo1_', alphabet: URL64, min: 43, max: 43 },
    { prefix: 'AQVN', alphabet: URL64, min: 35, max: 38 },
    ...['pscale_tkn_', 'pscale_pw_', 'pscale_oauth_'].map((prefix) => ({
      prefix,
      alphabet: URL64 | DOT,
      min: 32,
      max: 64,
    })),
    { prefix: 'sbp_', alphabet: HEX, min: 40, max: 40 },
    { prefix: 'sb_secret_', alphabet: URL64, min: 22 },
    { prefix: 'nfp_', alphabet: ALNUM, min: 36, max: 40 },
    { prefix: 'rnd_', alphabet: ALNUM, min: 28, max: 36 },
    { prefix: 'pul-', alphabet: HEX, min: 40, max: 40 },
    { prefix: 'v1.0-', alphabet: HEX | DASH, min: 150, shape: /^[\da-f]{24}-[\da-f]{140}/ },
    { prefix: 'AGE-SECRET-KEY-1', alphabet: UPPER_ALNUM, min: 58, max: 58 },
  ],
  // Keys of storage, Cosmos and Batch accounts.
  worded: ['azure', 'cosmos'].map((word) => ({
    word,
    shape: /^\w{5,6}[A-Za-z_ .:]{1,48}?[ ='"([]{0,3}(?<![\w+/])(?<token>[A-Za-z\d+/]{86}==)/,
  })),
  infixed: [
    // Secret of a Microsoft Entra application.
    ...['7Q~', '8Q~'].map((infix) => ({
      infix,
      before: { mask: ALNUM, min: 3, max: 3 },
      after: { mask: URL64 | DOT, min: 31, max: 34 },
    })),
    {
      infix: '.atlasv1.',
      before: { mask: ALNUM, min: 14, max: 14 },
      after: { mask: URL64, min: 60, max: 70 },
    },
    {
      infix: 'AZDO',
      before: { mask: LOWER | UPPER | DIGIT, min: 76, max: 76 },
      after: { mask: ALNUM, min: 4, max: 4 },
    },
  ],
});
