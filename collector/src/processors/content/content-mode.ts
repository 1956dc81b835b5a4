import { CONTENT_MODES, type ContentConfig, type ContentMode } from './config.ts';

/** The attribute of ours that says on a span or log record how its content was treated. */
export const MODE_KEY = 'signalbox.content.mode';

export interface ContentModes {
  /** The mode for a `service.name`; of several that may be meant, the strictest. */
  modeOf(service: string): ContentMode;
}

/** What SDKs call a service that was given no name (semantic conventions, "Service"). */
const NAMELESS = /^(unknown_service(:.*)?)?$/s;

/**
 * Modes by service. A service without a name could be any, so it gets the strictest mode that any has, unless it is
 * listed as `unknown_service` itself. What is not a mode counts as `metadata`.
 */
export function createContentModes({ mode, services }: ContentConfig): ContentModes {
  const byService = new Map<string, ContentMode>();
  for (const { service, mode: own } of services) {
    byService.set(service, strictest([byService.get(service) ?? own, own]));
  }
  const others = strictest([mode]);
  const nameless = byService.get('unknown_service') ?? strictest([others, ...byService.values()]);
  return {
    modeOf: (service) => byService.get(service) ?? (NAMELESS.test(service) ? nameless : others),
  };
}

/** The strictest of some modes, and `metadata` when one of them is none. */
function strictest(modes: readonly ContentMode[]): ContentMode {
  return CONTENT_MODES[Math.max(0, Math.min(...modes.map((mode) => CONTENT_MODES.indexOf(mode))))]!;
}
