import type { SwaggerOptions } from '@fastify/swagger';
import { Type } from 'typebox';
import { ApiError } from './schemas/common.ts';

/** A JSON Schema, as far as parameters are described by it. */
type ParamsSchema = { properties?: Record<string, object>; patternProperties?: object };

const ATTRIBUTE = Type.Optional(
  Type.String({
    description:
      'Only items with this attribute: `attr.http.route=/cart` means that `http.route` is `/cart` on the item or its resource. Up to ten, all must hold',
  }),
);

/** The head of the API's OpenAPI 3.1 document, and what every operation has in common. */
export function describeApi(version: string): SwaggerOptions {
  return {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Signalbox',
        version,
        description: 'Services, traces, logs and metrics that Signalbox keeps',
      },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
    transform: ({ schema, url }) => {
      const { querystring, response } = schema;
      const described = { ...schema, response: { ...(response as object), 401: ApiError } };
      if (querystring !== undefined) described.querystring = nameAttributes(querystring as ParamsSchema);
      return { schema: described, url };
    },
  };
}

/** OpenAPI has no parameters with a pattern for a name, so one stands for all. */
function nameAttributes({ patternProperties, ...schema }: ParamsSchema): ParamsSchema {
  if (patternProperties === undefined) return schema;
  return { ...schema, properties: { ...schema.properties, 'attr.KEY': ATTRIBUTE } };
}
