import type { Rule } from '../rule.ts';
import { aiKey } from './ai-key.ts';
import { bearerBasic } from './bearer-basic.ts';
import { card } from './card.ts';
import { chatToken } from './chat-token.ts';
import { cloudKey } from './cloud-key.ts';
import { credentialText } from './credential-text.ts';
import { email } from './email.ts';
import { iban } from './iban.ts';
import { ip } from './ip.ts';
import { jwt } from './jwt.ts';
import { nationalId } from './national-id.ts';
import { paymentKey } from './payment-key.ts';
import { pem } from './pem.ts';
import { phone } from './phone.ts';
import { serviceToken } from './service-token.ts';
import { signedUrl } from './signed-url.ts';
import { connectionString, urlUserinfo } from './url-credentials.ts';
import { vcsToken } from './vcs-token.ts';

/** All rules, in the order in which they are asked where two could begin at the same place. */
export const RULES: readonly Rule[] = [
  pem,
  cloudKey,
  vcsToken,
  chatToken,
  paymentKey,
  aiKey,
  serviceToken,
  jwt,
  connectionString,
  urlUserinfo,
  signedUrl,
  bearerBasic,
  credentialText,
  card,
  iban,
  nationalId,
  phone,
  email,
  ip,
];

/** Names of rules that only work when they are asked for. */
export const DEFAULT_OFF: readonly string[] = ['ip'];
