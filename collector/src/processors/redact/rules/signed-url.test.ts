import { test } from 'node:test';
import { signedUrl } from './signed-url.ts';
import { finds, leaves } from './testing/check-cases.ts';

test('values that sign an address go', () => {
  finds(signedUrl, [
    'https://b.s3.test/k?X-Amz-Credential=⟦AKIA%2F20260314⟧&X-Amz-Date=20260314T000000Z&X-Amz-Signature=⟦3f9a⟧',
    'https://b/k?AWSAccessKeyId=⟦AKIAX⟧&Signature=⟦a%2Bb%3D⟧&Expires=1',
    'https://a.blob.test/c?sv=2024&sig=⟦abc%3D⟧&se=2026 next',
    'https://g/o?X-Goog-Signature=⟦12ab⟧&amp;X-Goog-Credential=⟦x%40y⟧"',
    'u\\u0026sig=⟦abc⟧\\u0026x=1',
    'a?X-Amz-Security-Token=⟦IQo//x==⟧ /o?OSSAccessKeyId=⟦LTAIx⟧&x=1',
    'sig=⟦xhxv8GCKumrCZ5er%3D⟧&se=2026',
    'url.query=sig=⟦xhxv8GCKumrCZ5er%3D⟧ and "Signature=⟦xhxv8GCKumrCZ5er⟧"',
    'to=https%3A%2F%2Fa%2Fq%3FX-Amz-Date%3D1%26X-Amz-Signature%3D⟦3f9a%252B⟧%26x%3D1&b=2',
  ]);
});

test('other parameters and what is redacted stay', () => {
  leaves(signedUrl, [
    'https://a/b?signature=x&Sig=1&design=2&sigma=3',
    'sig=abc Signature=abc sig=SIGKILL sig=abcdefghijklmnopqrstuv design=xhxv8GCKumrCZ5er',
    'https://a/b?sig=REDACTED&X-Amz-Signature=REDACTED',
    'https://a/b?sig=&x=1',
    'https://a/b?sig=[redacted:signed-url]',
  ]);
});
