import { test } from 'node:test';
import { cloudKey } from './cloud-key.ts';
import { filler, finds, leaves } from './testing/check-cases.ts';

test('keys of clouds are found', () => {
  finds(cloudKey, [
    `id ⟦AKIA${filler(16, 'upper')}⟧,`,
    `⟦ASIA${filler(16, 'upper')}⟧`,
    `?key=⟦AIza${filler(35)}⟧&q=1`,
    `⟦GOCSPX-${filler(28)}⟧`,
    `Bearer ⟦ya29.a0${filler(60)}⟧`,
    `AccountName=x;AccountKey=⟦${filler(86)}==⟧;EndpointSuffix=core.windows.net`,
    `SharedAccessKeyName=Root;SharedAccessKey=⟦${filler(43)}=⟧`,
    `⟦LTAI${filler(20)}⟧`,
    `⟦dop_v1_${filler(64, 'hex')}⟧`,
    `Azure.Failed: key ⟦${filler(86)}==⟧ COSMOS_KEY="⟦${filler(86)}==⟧"`,
    `⟦abc8Q~${filler(34)}⟧`,
    `⟦${filler(14)}.atlasv1.${filler(67)}⟧`,
  ]);
});

test('names, prefixes alone and placeholders stay', () => {
  leaves(cloudKey, [
    'AKIA is a prefix',
    'AKIAXXXXXXXXXXXXXXXX',
    `AKIA${filler(17, 'upper')}`,
    `XAKIA${filler(16, 'upper')}`,
    `AIza${filler(20)}`,
    'AccountKey=<your-key>',
    `azure sha512-${filler(86)}== integrity ${filler(86)}==`,
    'arn:aws:iam::123456789012:role/AIDACKCEVSQ6C2EXAMPLE',
    '1//0 and ya29.',
  ]);
});
