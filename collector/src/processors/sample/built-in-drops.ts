import type { KeyIndex, Texts } from './attribute-texts.ts';
import type { SampleConfig } from './config.ts';
import type { Verdict } from './walk.ts';
import { isHealthCheck, isStaticFile, PATH_KEYS, pathOf } from './well-known-paths.ts';

const HEALTH_CHECKS: Verdict = { reason: 'drop', rule: 'health_checks' };
const STATIC_FILES: Verdict = { reason: 'drop', rule: 'static_files' };

/** Finds the rule that is built in and matches the attributes of a served request; null for none. */
export type BuiltInDrops = (texts: Texts) => Verdict | null;

/** The rules that are switched on, or null; the keys they ask for are added to `keys`. */
export function createBuiltInDrops(config: SampleConfig, keys: KeyIndex): BuiltInDrops | null {
  const { drop_health_checks, drop_static_files } = config;
  if (!drop_health_checks && !drop_static_files) return null;
  const indices = PATH_KEYS.map((key) => keys.indexOf(key));
  return (texts) => {
    for (const index of indices) {
      const text = texts[index];
      if (typeof text !== 'string') continue;
      const path = pathOf(text);
      if (drop_health_checks && isHealthCheck(path)) return HEALTH_CHECKS;
      if (drop_static_files && isStaticFile(path)) return STATIC_FILES;
    }
    return null;
  };
}
