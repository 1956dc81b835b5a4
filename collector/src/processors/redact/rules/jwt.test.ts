import { test } from 'node:test';
import { jwt } from './jwt.ts';
import { filler, finds, leaves } from './testing/check-cases.ts';

const HEADER = 'eyJhbGciOiJIUzI1NiJ9';
const PAYLOAD = 'eyJzdWIiOiIxMjM0NTY3ODkwIn0';

test('signed, encrypted and unsigned tokens are found', () => {
  finds(jwt, [
    `⟦${HEADER}.${PAYLOAD}.${filler(43)}⟧`,
    `jwt=⟦${HEADER}.${PAYLOAD}.${filler(43)}⟧&a=1`,
    `\\n⟦${HEADER}.${PAYLOAD}.${filler(43)}⟧\\n`,
    `Token ⟦${HEADER}.${PAYLOAD}⟧. Next`,
    `⟦${HEADER}.${filler(40)}.${filler(16)}.${filler(80)}.${filler(22)}⟧`,
    `⟦${HEADER}..${filler(16)}.${filler(80)}.${filler(22)}⟧`.replace('..', `.${filler(8)}.`),
  ]);
});

test('encoded objects that are no token stay', () => {
  leaves(jwt, [
    HEADER,
    `${HEADER}.`,
    `${HEADER}.short`,
    `${HEADER}.${filler(40)}`,
    `x${HEADER}.${PAYLOAD}.${filler(43)}`,
    'eyJ eyJ. eyJ.eyJ.eyJ',
  ]);
});
