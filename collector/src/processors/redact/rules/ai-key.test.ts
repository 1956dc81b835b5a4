import { test } from 'node:test';
import { aiKey } from './ai-key.ts';
import { filler, finds, leaves } from './testing/check-cases.ts';

test('keys of model providers are found', () => {
  finds(aiKey, [
    `Incorrect API key provided: ⟦sk-${filler(48)}⟧.`,
    `⟦sk-proj-${filler(64)}-${filler(20)}⟧`,
    `⟦sk-ant-api03-${filler(93)}-${filler(6)}AA⟧`,
    `⟦sk-or-v1-${filler(64, 'hex')}⟧ ⟦sk-svcacct-${filler(60)}⟧`,
    `⟦hf_${filler(34)}⟧ ⟦r8_${filler(37)}⟧ ⟦gsk_${filler(52)}⟧`,
    `⟦xai-${filler(80)}⟧ ⟦pplx-${filler(48)}⟧`,
    `⟦lsv2_pt_${filler(32, 'hex')}_${filler(10, 'hex')}⟧`,
    `litellm ⟦sk-${filler(22)}⟧ ⟦sk-${filler(10)}-${filler(11)}⟧`,
    `⟦sk-lf-3f9a0c71-be58-d246-3f9a-0c71be58d246⟧`,
  ]);
});

test('words with the same beginning stay', () => {
  leaves(aiKey, [
    'sk-your-openai-api-key-goes-here-please',
    'the task-12345678901234567890123456789012345 ran',
    `risk-${filler(48)}`,
    `sk-${filler(22, 'lower')} sk-SK-locale-2-selected sk-${filler(19)}`,
    'hf_hub_download hf_model',
    'sk-ant-... is the prefix; pa-rest, fc-list, fw_rules',
    'xai-org/grok-1',
  ]);
});
