import { ALNUM, BASE64, DASH, DIGIT, DOT, HEX, LOWER, UPPER, URL64, WORD } from './bytes.ts';
import { createTokenRule } from './token-matcher.ts';

const UPPER_ALNUM = UPPER | DIGIT;
const DOPPLER = ['dp.pt.', 'dp.st.', 'dp.ct.', 'dp.sa.', 'dp.scim.', 'dp.audit.'];
const VAULT = ['hvs.', 'hvb.', 'hvr.'];
const HUBSPOT = ['pat-na1-', 'pat-na2-', 'pat-eu1-', 'pat-ap1-'];
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

/** Tokens of services: mail, monitoring, work tracking, secrets stores. */
export const serviceToken = createTokenRule({
  name: 'service-token',
  title: 'Service tokens (SendGrid, Twilio, Grafana, Sentry, Vault, Notion, ...)',
  prefixed: [
    { prefix: 'SG.', alphabet: URL64 | DOT, min: 60, max: 75, shape: /^[\w-]{16,24}\.[\w-]{39,50}$/ },
    { prefix: 'key-', alphabet: HEX, min: 32, max: 32 },
    ...['SK', 'AC'].map((prefix) => ({ prefix, alphabet: HEX, min: 32, max: 32 })),
    { prefix: 'KEY', alphabet: WORD, min: 53, max: 57, shape: /^[\dA-F]{32}_[A-Za-z\d]{20,24}$/ },
    { prefix: 'NRJS-', alphabet: HEX, min: 19, max: 19 },
    { prefix: 'xkeysib-', alphabet: URL64, min: 64 },
    { prefix: 'xsmtpsib-', alphabet: URL64, min: 64 },
    { prefix: 'mlsn.', alphabet: HEX, min: 64, max: 64 },
    {
      prefix: 're_',
      alphabet: WORD,
      min: 24,
      max: 40,
      shape: /^(?=.*[A-Z])[A-Za-z\d]{8}_[A-Za-z\d]{20,28}$/,
    },
    ...['NRAK-', 'NRII-', 'NRIQ-', 'NRRA-'].map((prefix) => ({
      prefix,
      alphabet: URL64,
      min: 27,
      max: 42,
    })),
    { prefix: 'glsa_', alphabet: WORD, min: 32, shape: /^\w{24,40}_[\da-fA-F]{8}$/ },
    { prefix: 'glc_', alphabet: BASE64, min: 32 },
    { prefix: 'eyJrIjoi', alphabet: BASE64, min: 60 },
    // Ours: API keys of senders, API tokens.
    { prefix: 'sbk_', alphabet: URL64, min: 52, max: 52, shape: /^[a-z\d]{8}_[\w-]{43}$/ },
    { prefix: 'sbt_', alphabet: URL64, min: 43, max: 43 },
    { prefix: 'sntrys_', alphabet: BASE64 | URL64, min: 40 },
    { prefix: 'sntryu_', alphabet: HEX, min: 64, max: 64 },
    { prefix: 'phx_', alphabet: ALNUM, min: 40, max: 52 },
    { prefix: 'dt0c01.', alphabet: ALNUM | DOT, min: 80, max: 90, shape: /^[A-Z\d]{24}\.[A-Z\d]{64}$/ },
    { prefix: 'lin_api_', alphabet: ALNUM, min: 32, max: 48 },
    { prefix: 'lin_oauth_', alphabet: HEX, min: 64, max: 64 },
    { prefix: 'ntn_', alphabet: ALNUM, min: 40, max: 52 },
    { prefix: 'secret_', alphabet: ALNUM, min: 43, max: 43 },
    ...DOPPLER.map((prefix) => ({ prefix, alphabet: ALNUM | DOT | DASH, min: 40, max: 60 })),
    { prefix: 'figd_', alphabet: URL64, min: 38 },
    { prefix: 'PMAK-', alphabet: HEX | DASH, min: 59, max: 59, shape: /^[\da-f]{24}-[\da-f]{34}$/ },
    ...VAULT.map((prefix) => ({ prefix, alphabet: URL64, min: 24 })),
    { prefix: 'dapi', alphabet: HEX | DASH, min: 32, max: 34, shape: /^[\da-f]{32}(?:-\d)?$/ },
    ...HUBSPOT.map((prefix) => ({ prefix, alphabet: HEX | DASH, min: 36, max: 36, shape: UUID })),
    { prefix: 'CFPAT-', alphabet: URL64, min: 43, max: 43 },
    { prefix: 'pat', alphabet: ALNUM | DOT, min: 79, max: 79, shape: /^[A-Za-z\d]{14}\.[\da-f]{64}$/ },
    { prefix: 'tfp_', alphabet: URL64, min: 40 },
    { prefix: 'shippo_live_', alphabet: HEX, min: 40, max: 40 },
    ...['EZAK', 'EZTK'].map((prefix) => ({ prefix, alphabet: ALNUM, min: 54, max: 54 })),
    ...['tskey-auth-', 'tskey-api-', 'tskey-client-'].map((prefix) => ({
      prefix,
      alphabet: URL64,
      min: 20,
    })),
    { prefix: 'ops_eyJ', alphabet: URL64, min: 100 },
    { prefix: 'pnu_', alphabet: ALNUM, min: 36, max: 36 },
    { prefix: 'rdme_', alphabet: LOWER | DIGIT, min: 70, max: 70 },
    ...['sdk-', 'api-'].map((prefix) => ({ prefix, alphabet: HEX | DASH, min: 36, max: 36, shape: UUID })),
    { prefix: 'sk.eyJ', alphabet: URL64 | DOT, min: 40, shape: /\./ },
  ],
  infixed: [
    {
      infix: 'NRAL',
      before: { mask: ALNUM, min: 36, max: 36 },
      after: { mask: UPPER_ALNUM, min: 0, max: 0 },
    },
    {
      infix: ':APA91b',
      before: { mask: URL64, min: 11, max: 22 },
      after: { mask: URL64, min: 100, max: 200 },
    },
    // Mailchimp, with its data centre.
    {
      infix: '-us',
      before: { mask: HEX, min: 32, max: 32 },
      after: { mask: DIGIT, min: 1, max: 2 },
    },
  ],
  worded: [
    {
      word: 'mailgun',
      shape: /^.{7}[A-Za-z_ .:]{1,40}?[ ='"([]{0,3}\b(?<token>[\da-f]{32}-[\da-f]{8}-[\da-f]{8})/is,
    },
  ],
  // Asana.
  numbered: [
    {
      lead: /(?<![\w/])[012]\/(?:\d{10,19}\/)?$/,
      digits: { min: 10, max: 19 },
      infix: ':',
      after: { mask: HEX, min: 32, max: 32 },
    },
  ],
});
