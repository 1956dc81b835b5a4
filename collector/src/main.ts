import { keepCompiledCode } from '#config/compile-cache.ts';

keepCompiledCode();
const { run } = await import('./run.ts');
process.exitCode = await run(process.argv.slice(2), { exit: (code) => process.exit(code) });
