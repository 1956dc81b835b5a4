import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../../../node_modules/.cache/compiled');

/**
 * Keeps compiled code beside the packages, for the next start; where that cannot be written, starts only take
 * longer. Each thread has to ask for itself, before it loads what is to be kept.
 */
export function keepCompiledCode(): void {
  enableCompileCache(FOLDER);
}
