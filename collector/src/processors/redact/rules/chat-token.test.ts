import { test } from 'node:test';
import { chatToken } from './chat-token.ts';
import { filler, finds, leaves } from './testing/check-cases.ts';

test('tokens and webhooks of chat services are found', () => {
  finds(chatToken, [
    ...['xoxb', 'xoxp', 'xoxa', 'xoxr', 'xoxs'].map((kind) => `⟦${kind}-123456789012-${filler(24)}⟧ x`),
    `⟦xapp-1-A0${filler(40)}⟧`,
    `POST https://hooks.slack.com/services/⟦T0${filler(8, 'upper')}/B0${filler(8, 'upper')}/${filler(24)}⟧ 200`,
    `https://discord.com/api/webhooks/⟦123456789012345678/${filler(68)}⟧`,
    `Bot ⟦MTk4NjIyNDgzNDcxOTI1MjQ4.${filler(6)}.${filler(38)}⟧.`,
    `https://api.telegram.org/bot⟦123456789:AA${filler(33)}⟧/getMe token ⟦1234567890:AA${filler(33)}⟧`,
    `https://acme.webhook.office.com/webhookb2/⟦${filler(36)}@${filler(36)}/IncomingWebhook/${filler(32, 'hex')}⟧ 410`,
    `⟦ODPE${filler(22)}.${filler(6)}.${filler(38)}⟧`,
  ]);
});

test('addresses without a secret and other words stay', () => {
  leaves(chatToken, [
    'https://hooks.slack.com/services/',
    'https://discord.com/api/webhooks/{id}/{token}',
    'xoxb-your-token-here',
    '12345678:AA',
    '2026-03-14T09:26:53 MTU Mz. ODBC NTLM',
    'MTk4NjIyNDgzNDcxOTI1MjQ4.short.part',
  ]);
});
