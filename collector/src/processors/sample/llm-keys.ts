/**
 * What begins the keys of attributes that only spans of language models have: semantic conventions "Generative AI",
 * OpenLLMetry, OpenInference, Vercel's AI SDK. The last is a whole key.
 */
const PREFIXES = ['gen_ai.', 'llm.', 'ai.', 'traceloop.', 'openinference.span.kind'].map((text) =>
  Buffer.from(text),
);
const WHOLE = PREFIXES.at(-1)!;

/** Whether the attribute key at `bytes[start, end)` is of a language model. */
export function isOfLlm(bytes: Uint8Array, start: number, end: number): boolean {
  for (const prefix of PREFIXES) {
    const length = prefix.length;
    if (prefix === WHOLE ? end - start !== length : end - start <= length) continue;
    let same = 0;
    while (same < length && prefix[same] === bytes[start + same]) same++;
    if (same === length) return true;
  }
  return false;
}
