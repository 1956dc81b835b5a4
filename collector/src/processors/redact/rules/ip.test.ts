import { test } from 'node:test';
import { ip } from './ip.ts';
import { finds, leaves } from './testing/check-cases.ts';

test('addresses of both versions are found', () => {
  finds(ip, [
    'from ⟦10.0.0.17⟧:8080, ⟦255.255.255.255⟧.',
    'http://⟦192.0.2.1⟧/x',
    '⟦2001:db8::1⟧ [⟦fe80::1⟧]:443',
    '⟦2001:0db8:85a3:0000:0000:8a2e:0370:7334⟧',
    '⟦::ffff:10.0.0.1⟧ '.replace('⟦::ffff:10.0.0.1⟧', '⟦2001:db8::10.0.0.1⟧'),
  ]);
});

test('versions, times and names stay', () => {
  leaves(ip, [
    '1.2.3 1.2.3.4.5 256.1.1.1 v1.2.3.4 01:02:03 12:34',
    'std::vector a::b ::1',
    'Chrome/140.0.0.0x 1.2.3.4a',
    'node:net:1610:16',
  ]);
});
