import { type Static, Type } from 'typebox';

/** How much of content stays: nothing, all without secrets, or all. Strictest first. */
export const CONTENT_MODES = ['metadata', 'redacted', 'full'] as const;

export type ContentMode = (typeof CONTENT_MODES)[number];

const modeSchema = (description: string, options: object = {}) =>
  Type.Unsafe<ContentMode>({ type: 'string', enum: [...CONTENT_MODES], description, ...options });

/** Section `content`: what is kept of prompts, answers, arguments and results of tools, and bodies. */
export const contentSchema = Type.Object(
  {
    mode: modeSchema(
      'What is kept: `metadata` nothing of it, `redacted` all without the secrets and personal data found in it, ' +
        '`full` all as it came',
      { default: 'redacted' },
    ),
    services: Type.Array(
      Type.Object(
        {
          service: Type.String({
            minLength: 1,
            maxLength: 128,
            description:
              'The `service.name`; `*` stands for any characters, and of several the strictest counts',
          }),
          mode: modeSchema('As `mode` above, for this service'),
        },
        { additionalProperties: false },
      ),
      { default: [], maxItems: 1000, description: 'Services that are treated another way' },
    ),
    keys: Type.Array(Type.String({ pattern: '^[^*]*[^*.](\\.\\*)?$', maxLength: 256 }), {
      default: [],
      maxItems: 1000,
      description: 'Further attribute keys that hold content, `acme.prompt`, or all below one, `acme.llm.*`',
    }),
  },
  { additionalProperties: false, default: {} },
);

export type ContentConfig = Static<typeof contentSchema>;
