import { keepCompiledCode } from '#config/compile-cache.ts';

keepCompiledCode();
await import('./worker.ts');
