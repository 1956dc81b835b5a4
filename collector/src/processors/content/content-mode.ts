import { createCache } from '../cache.ts';
import { compilePatterns } from '../pattern.ts';
import { CONTENT_MODES, type ContentConfig, type ContentMode } from './config.ts';

/** The attribute of ours that says on a span or log record how its content was treated. */
export const MODE_KEY = 'signalbox.content.mode';

export interface ContentModes {
  /** The mode for a `service.name`; of several that may be meant, the strictest. */
  modeOf(service: string): ContentMode;
}

/** What SDKs call a service that was given no name (semantic conventions, "Service"). */
const NAMELESS = /^(unknown_service(:.*)?)?$/s;

const MAX_REMEMBERED = 1_000;
/** So long are names that were cut. */
const CUT_CHARS = 128;

/**
 * Modes by service: that of its exact name, or the strictest of the patterns that match it. A service without a name could
 * be any, so it gets the strictest mode that any has, unless it is listed as `unknown_service` itself; so does one whose
 * name was cut, where there are patterns. What is not a mode counts as `metadata`.
 */
export function createContentModes({ mode, services }: ContentConfig): ContentModes {
  const byService = new Map<string, ContentMode>();
  const byPattern = services
    .filter(({ service }) => service.includes('*'))
    .map(({ mode: own, service }) => ({ matches: compilePatterns(service), mode: own }));
  for (const { service, mode: own } of services) {
    if (!service.includes('*')) byService.set(service, strictest([byService.get(service) ?? own, own]));
  }
  const others = strictest([mode]);
  const ofAny = strictest([others, ...services.map((service) => service.mode)]);
  const nameless = byService.get('unknown_service') ?? ofAny;

  function find(service: string): ContentMode {
    const exact = byService.get(service);
    if (exact !== undefined) return exact;
    if (NAMELESS.test(service)) return nameless;
    // What a pattern asks for may be in the part that is gone.
    if (byPattern.length > 0 && service.length >= CUT_CHARS) return ofAny;
    const found = byPattern.filter(({ matches }) => matches(service));
    return found.length === 0 ? others : strictest(found.map((each) => each.mode));
  }
  return { modeOf: createCache(MAX_REMEMBERED, find) };
}

/** The strictest of some modes, and `metadata` when one of them is none. */
function strictest(modes: readonly ContentMode[]): ContentMode {
  return CONTENT_MODES[Math.max(0, Math.min(...modes.map((mode) => CONTENT_MODES.indexOf(mode))))]!;
}
