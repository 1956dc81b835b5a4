import { test } from 'node:test';
import { iban } from './iban.ts';
import { finds, leaves } from './testing/check-cases.ts';

test('account numbers are found in one piece or in groups, in any case', () => {
  finds(iban, [
    '⟦DE89370400440532013000⟧',
    'to ⟦DE89 3704 0044 0532 0130 00⟧, please',
    '⟦GB82WEST12345698765432⟧ ⟦gb82west12345698765432⟧',
    '⟦GB82 WEST 1234 5698 7654 32⟧',
    '⟦NL91ABNA0417164300⟧ ⟦NL91 ABNA 0417 1643 00⟧',
    '⟦FR14 2004 1010 0505 0001 3M02 606⟧',
    '⟦ES91 2100 0418 4502 0005 1332⟧;⟦IT60X0542811101000000123456⟧',
    '"iban":"⟦CH9300762011623852957⟧"',
    '⟦MT84MALT011000012345MTLCAST001S⟧',
    'typed as ⟦De89370400440532013000⟧',
    'DE88-x ⟦BE68-5390-0754-7034⟧',
  ]);
});

test('wrong check digits, lengths and countries stay', () => {
  leaves(iban, [
    'DE88370400440532013000',
    'DE8937040044053201300',
    'DE893704004405320130001',
    'XX89370400440532013000',
    'xDE89370400440532013000',
    'DE89 3704 0044 0532 0130 01',
    'DE8937040044 0532013000',
    'be12345678901234 4bf92f3577b34da6a3ce929d0e0e4736',
  ]);
});
