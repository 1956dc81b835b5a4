import { test } from 'node:test';
import { pem } from './pem.ts';
import { filler, finds, leaves } from './testing/check-cases.ts';

function block(label: string, newline: string): string {
  return [`-----BEGIN ${label}-----`, filler(64), `${filler(30)}==`, `-----END ${label}-----`].join(newline);
}

test('private keys are found from the first line to the last', () => {
  for (const newline of ['\n', '\\n', '\r\n', '\\\\n', ' ']) {
    finds(pem, [
      `key: ⟦${block('RSA PRIVATE KEY', newline)}⟧${newline}after`,
      `"⟦${block('PRIVATE KEY', newline)}⟧"`,
      `⟦${block('OPENSSH PRIVATE KEY', newline)}⟧ and ⟦${block('EC PRIVATE KEY', newline)}⟧`,
      `⟦${block('ENCRYPTED PRIVATE KEY', newline)}⟧`,
      `⟦${block('PGP PRIVATE KEY BLOCK', newline)}⟧.`,
    ]);
  }
});

test('a key that was cut off goes to the end of the text', () => {
  finds(pem, [
    `a ⟦-----BEGIN PRIVATE KEY-----\n${filler(64)}⟧`,
    '⟦-----BEGIN PRIVATE KEY-----⟧',
    `⟦-----BEGIN PRIVATE KEY-----\n${filler(64)}\n-----END PRIV⟧`,
    `⟦-----BEGIN PRIVATE KEY-----\n${block('CERTIFICATE', '\n')}⟧`,
  ]);
});

test('a key whose beginning was cut off goes up to its end', () => {
  for (const newline of ['\n', '\\n', '\r\n', '\\\\n', ' ']) {
    const rest = [filler(40), filler(64), `${filler(30)}==`, '-----END RSA PRIVATE KEY-----'].join(newline);
    finds(pem, [`…⟦${rest}⟧${newline}after`, `the rest: ⟦${rest}⟧`]);
  }
  leaves(pem, [
    'a -----END RSA PRIVATE KEY----- alone, and again -----END RSA PRIVATE KEY-----',
    `…${filler(64)}\n-----END CERTIFICATE-----`,
  ]);
});

test('a key encoded once more is found', () => {
  const encoded = Buffer.from(block('RSA PRIVATE KEY', '\n')).toString('base64');
  finds(pem, [`tls.key: ⟦${encoded}⟧\n`]);
  leaves(pem, [Buffer.from(block('CERTIFICATE', '\n')).toString('base64')]);
});

test('certificates and public keys stay', () => {
  leaves(pem, [
    block('CERTIFICATE', '\n'),
    block('PUBLIC KEY', '\n'),
    block('PGP PUBLIC KEY BLOCK', '\n'),
    '-----BEGIN -----BEGIN PRIVATE KEY is missing',
  ]);
});
