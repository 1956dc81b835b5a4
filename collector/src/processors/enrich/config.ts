import { type Static, Type } from 'typebox';
import { parseAttributes } from './parse-attributes.ts';

/** Section `enrich`: what each resource is to say that its sender did not. */
export const enrichSchema = Type.Object(
  {
    attributes: Type.Array(Type.String({ minLength: 1, maxLength: 1024 }), {
      default: [],
      maxItems: 64,
      description:
        'Resource attributes for those that lack them, as `key=value`; `%2C` in a value is a comma, as in OTEL_RESOURCE_ATTRIBUTES',
    }),
    unknown_service: Type.Boolean({
      default: true,
      description: 'Give telemetry without `service.name` the service `unknown_service`',
    }),
  },
  { additionalProperties: false, default: {} },
);

export type EnrichConfig = Static<typeof enrichSchema>;

/** Mistakes in the section `enrich` that its schema cannot tell; paths as in `enrich.attributes.0`. */
export function enrichMistakes(config: EnrichConfig): { path: string; message: string }[] {
  return parseAttributes(config).mistakes;
}
