import { test } from 'node:test';
import { serviceToken } from './service-token.ts';
import { filler, finds, leaves } from './testing/check-cases.ts';

test('tokens of services are found', () => {
  finds(serviceToken, [
    `⟦SG.${filler(22)}.${filler(43)}⟧`,
    `api:⟦key-${filler(32, 'hex')}⟧`,
    `⟦SK${filler(32, 'hex')}⟧`,
    `⟦NRAK-${filler(27)}⟧`,
    `⟦glsa_${filler(32)}_${filler(8, 'hex')}⟧ ⟦glc_${filler(60)}⟧`,
    `⟦sntryu_${filler(64, 'hex')}⟧ ⟦sntrys_${filler(80)}⟧`,
    `⟦lin_api_${filler(40)}⟧ ⟦ntn_${filler(46)}⟧ ⟦secret_${filler(43)}⟧`,
    `⟦dp.pt.${filler(43)}⟧ ⟦figd_${filler(40)}⟧`,
    `⟦PMAK-${filler(24, 'hex')}-${filler(34, 'hex')}⟧`,
    `⟦SK${filler(32, 'hex')}⟧ ⟦AC${filler(32, 'hex')}⟧ ⟦NRJS-${filler(19, 'hex')}⟧`,
    `⟦KEY${'3F9A0C71BE58D246'.repeat(2)}_${filler(22)}⟧`,
    `OTEL_EXPORTER_OTLP_HEADERS=x-api-key=⟦sbk_k3y4d0ab_${filler(43)}⟧ authorization=Bearer%20⟦sbk_k3y4d0ab_${filler(43)}⟧`,
    `token ⟦sbt_${filler(43)}⟧`,
    `MAILCHIMP=⟦${filler(32, 'hex')}-us14⟧`,
    `mailgun sending key ⟦${filler(32, 'hex')}-3f9a0c71-be58d246⟧ revoked`,
    `PAT ⟦1/4546759242028619:${filler(32, 'hex')}⟧ ⟦2/1201234567890123/1201234567890124:${filler(32, 'hex')}⟧`,
    `⟦hvs.${filler(95)}⟧. ⟦dapi${filler(32, 'hex')}⟧`,
  ]);
});

test('public keys, identifiers and words stay', () => {
  leaves(serviceToken, [
    `phc_${filler(43)}`,
    `AC${filler(31, 'hex')} ACCOUNT ${filler(32, 'hex')}-use1 x${filler(32, 'hex')}-us14 aws-us-east-1`,
    `key ${filler(32, 'hex')}-3f9a0c71-be58d246 mailgun is down`,
    `4546759242028619:${filler(32, 'hex')}`,
    `sbk_k3y4d0ab sbk_K3y4d0ab_${filler(43)} sbk_k3y4d0ab_${filler(42)}`,
    'SKU-1234 SK and key-value, key-frame',
    'secret_name=db secret_access_key',
    'dapi is an API; pat.example.com; api-gateway-7d9c6b5f4-x2k8p',
    'hvs.example.com',
    `SK${filler(40, 'hex')}`,
  ]);
});
