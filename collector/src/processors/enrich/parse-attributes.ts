import type { EnrichConfig } from './config.ts';

interface Mistake {
  path: string;
  message: string;
}

/** An attribute whose value is a text. */
export interface Attribute {
  key: string;
  value: string;
}

const FORM = 'must be `key=value`, with `%2C` for a comma and `%25` for a percent sign in the value';

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** `key=value` as in OTEL_RESOURCE_ATTRIBUTES (OpenTelemetry resource SDK, "Specifying resource information"). */
function parse(text: string): Attribute | null {
  const equals = text.indexOf('=');
  const key = decoded(text.slice(0, Math.max(0, equals)).trim());
  const value = decoded(text.slice(equals + 1).trim());
  return !key || !value ? null : { key, value };
}

/** The attributes in `enrich.attributes`, and what is wrong with them; paths as in `enrich.attributes.0`. */
export function parseAttributes(config: EnrichConfig): { attributes: Attribute[]; mistakes: Mistake[] } {
  const attributes: Attribute[] = [];
  const mistakes: Mistake[] = [];
  const places = new Map<string, string>();
  for (const [index, text] of config.attributes.entries()) {
    const path = `enrich.attributes.${index}`;
    const attribute = parse(text);
    const first = attribute === null ? undefined : places.get(attribute.key);
    if (attribute === null) mistakes.push({ path, message: `${FORM}, got ${JSON.stringify(text)}` });
    else if (first !== undefined) mistakes.push({ path, message: `sets ${attribute.key}, as ${first} does` });
    else {
      places.set(attribute.key, path);
      attributes.push(attribute);
    }
  }
  return { attributes, mistakes };
}
