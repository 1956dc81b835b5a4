import { BASE64_EXTRA, DOT, JOINT, URL64 } from './bytes.ts';
import { createTokenRule } from './token-matcher.ts';

const SLACK = ['xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-', 'xoxe-', 'xoxe.', 'xoxc-', 'xoxd-', 'xoxo-'];
const PATH = URL64 | BASE64_EXTRA | JOINT;
const HOOKS = [
  'hooks.slack.com/services/',
  'hooks.slack.com/workflows/',
  'hooks.slack.com/triggers/',
  'discord.com/api/webhooks/',
  'discordapp.com/api/webhooks/',
  'webhook.office.com/webhookb2/',
  'outlook.office.com/webhook/',
];
// A Discord token opens with the number of its bot in base64: two digits make one of these pairs.
const DISCORD_FIRST = ['M', 'N', 'O'].flatMap((first) => ['D', 'T', 'j', 'z'].map((next) => first + next));
const DISCORD_REST = /^[\w-]{21,27}\.[\w-]{6,7}\.[\w-]{27,45}$/;

/** Tokens and webhook addresses of chat services. */
export const chatToken = createTokenRule({
  name: 'chat-token',
  title: 'Chat tokens and webhooks (Slack, Discord, Telegram, Teams)',
  prefixed: [
    ...SLACK.map((prefix) => ({ prefix, alphabet: URL64 | DOT | BASE64_EXTRA, min: 10 })),
    { prefix: 'xapp-', alphabet: URL64, min: 20, shape: /^\d-/ },
    ...HOOKS.map((prefix) => ({ prefix, alphabet: PATH, min: 20, keepsPrefix: true })),
    ...DISCORD_FIRST.map((prefix) => ({
      prefix,
      alphabet: URL64 | DOT,
      min: 55,
      max: 90,
      shape: DISCORD_REST,
    })),
  ],
  // Telegram; in addresses `bot` stands right before the number.
  numbered: [{ digits: { min: 8, max: 10 }, infix: ':AA', after: { mask: URL64, min: 32, max: 34 } }],
});
