import { ALNUM, DASH, HEX, URL64, WORD } from './bytes.ts';
import { createTokenRule } from './token-matcher.ts';

const MIXED = /(?=.*\d)(?=.*[A-Z])(?=.*[a-z])/;
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;
const OPENAI = ['sk-proj-', 'sk-svcacct-', 'sk-admin-', 'sk-None-'];

/** Keys of model providers and of tools for language models. */
export const aiKey = createTokenRule({
  name: 'ai-key',
  title: 'AI provider keys (OpenAI, Anthropic, Hugging Face, ...)',
  prefixed: [
    ...OPENAI.map((prefix) => ({ prefix, alphabet: URL64, min: 20 })),
    { prefix: 'sk-ant-', alphabet: URL64, min: 24 },
    { prefix: 'sk-or-', alphabet: URL64, min: 32 },
    ...['sk-lf-', 'pk-lf-'].map((prefix) => ({
      prefix,
      alphabet: HEX | DASH,
      min: 36,
      max: 36,
      shape: UUID,
    })),
    { prefix: 'sk-', alphabet: WORD, min: 20, shape: /(?=.*\d)(?=.*[A-Za-z])(?:.{32}|(?=.*[a-z]).*[A-Z])/ },
    { prefix: 'sk-', alphabet: URL64, min: 22, max: 22, shape: MIXED },
    { prefix: 'hf_', alphabet: ALNUM, min: 30, max: 40 },
    { prefix: 'api_org_', alphabet: ALNUM, min: 30, max: 40 },
    { prefix: 'r8_', alphabet: ALNUM, min: 37, max: 40 },
    { prefix: 'gsk_', alphabet: ALNUM, min: 40, max: 60 },
    { prefix: 'xai-', alphabet: ALNUM, min: 60, max: 90 },
    { prefix: 'pplx-', alphabet: ALNUM, min: 40, max: 60 },
    { prefix: 'lsv2_', alphabet: WORD, min: 40, shape: /^(?:pt|sk)_[\da-f]{32}_[\da-f]{10}$/ },
    { prefix: 'ls__', alphabet: HEX, min: 32, max: 32 },
    { prefix: 'nvapi-', alphabet: URL64, min: 60 },
    { prefix: 'tgp_v1_', alphabet: URL64, min: 40 },
    { prefix: 'jina_', alphabet: URL64, min: 50 },
    { prefix: 'pa-', alphabet: URL64, min: 43, max: 43, shape: MIXED },
    { prefix: 'sk_', alphabet: HEX, min: 48, max: 48 },
    { prefix: 'tvly-', alphabet: URL64, min: 30, max: 60 },
    { prefix: 'fc-', alphabet: HEX, min: 32, max: 32 },
    { prefix: 'pcsk_', alphabet: WORD, min: 50 },
    { prefix: 'csk-', alphabet: ALNUM, min: 40, max: 60 },
    { prefix: 'rpa_', alphabet: ALNUM, min: 40, max: 60 },
    { prefix: 'fw_', alphabet: ALNUM, min: 22, max: 26 },
  ],
});
