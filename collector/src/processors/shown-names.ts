import { attributeField } from '#otlp/attribute-field.ts';
import { checkRequest } from '#otlp/check.ts';
import type { Interest } from '#otlp/interest.ts';
import { createProtoOut, protoBytes, writeLengthDelimited, writeVarint } from '#otlp/proto-out.ts';
import { rewrite } from '#otlp/rewrite.ts';
import { serviceOfGroup } from '#otlp/service-of-group.ts';
import { createCache } from './cache.ts';
import type { createCleaner } from './clean.ts';
import { OTHER_SERVICES } from './counts.ts';

/** So long are names that were cut; half of a secret at the cut would be found by nothing. */
const CUT_CHARS = 128;
const FIRST = 0x0a;
const MAX_REMEMBERED = 1_000;

export interface ShownNamesDeps {
  clean: ReturnType<typeof createCleaner>;
  /** Begins a request, and says what the check is to note of it. */
  interest: () => Interest;
}

/**
 * Makes what gives a service the name that others may see, in counts and messages: the one that its `service.name` is
 * kept under. `(other)` for names of 128 characters and more, and where there is none to be told. Never throws; the last
 * 1,000 names are remembered. `deps` must not count, since nothing of this was received.
 */
export function createShownNames(deps: ShownNamesDeps): (service: string) => string {
  function clean(service: string): string {
    const bytes = requestOf(service);
    const checked = checkRequest('logs', bytes, { interest: deps.interest() });
    if (!checked.ok) return OTHER_SERVICES;
    return serviceOfGroup(rewrite(bytes, deps.clean({ ...checked, signal: 'logs' })), 0);
  }

  return createCache(MAX_REMEMBERED, (service) => {
    if (service.length >= CUT_CHARS) return OTHER_SERVICES;
    try {
      return clean(service);
    } catch {
      return OTHER_SERVICES;
    }
  });
}

/** An export request for logs of a resource that has nothing but this name. */
function requestOf(service: string): Uint8Array {
  return field(field(attributeField(FIRST, 'service.name', service)));
}

function field(content: Uint8Array): Uint8Array {
  const out = createProtoOut(content.length + 8);
  writeVarint(out, FIRST);
  writeLengthDelimited(out, { bytes: content, start: 0, end: content.length });
  return protoBytes(out);
}
