import { test } from 'node:test';
import { email } from './email.ts';
import { filler, finds, leaves } from './testing/check-cases.ts';

test('addresses are found in prose, headers, JSON and query strings', () => {
  finds(email, [
    '⟦ann@example.com⟧',
    'Ann <⟦ann.b+tag@mail.example.co.uk⟧>, mailto:⟦x_1@a-b.io⟧?subject=x',
    '{"email":"⟦ann@example.com⟧"}',
    '?email=⟦ann%40example.com⟧&x=1',
    'email%3D⟦ann%40example.com⟧',
    "user='⟦ann@example.com⟧'",
    "⟦o'neil@example.ie⟧.",
    '⟦jürgen@example.de⟧',
    '联系⟦ann@example.com⟧。',
    'line\\n⟦ann@example.com⟧\\n',
    '\\u003c⟦ann@example.com⟧\\u003e',
    '⟦a@xn--bcher-kva.example⟧',
    '⟦mail@münchen.example⟧ wurde, ⟦info@a.example.köln⟧, ⟦иван@пример.example⟧.',
    '⟦用户@例子.example⟧，⟦क@उदाहरण.भारत⟧',
    '„⟦jürgen@müller.example⟧“ 联系⟦ann@example.com⟧了',
    `⟦${filler(64)}@example.com⟧`,
  ]);
});

test('packages, remotes, files, units and versions stay', () => {
  leaves(email, [
    'git@github.com:org/repo.git',
    'ssh://git@github.com/org/repo, ssh://deploy@build.example.com/x',
    '@scope/pkg @angular/core@15.2.1 pkg@1.2.3 react@18.2.0-rc.beta',
    'logo@2x.png user@1000.service getty@tty1.service',
    'java.lang.Object@1b2c3d',
    'deploy@web-03.internal ann@nas.lan a@é é@ü @ü.example',
    'ann@localhost ann@ @example.com a@b a@.com',
    `${filler(65)}@example.com`,
    '[redacted:email]@example.com',
    'at fn (file.js@1.0:3)',
  ]);
});
