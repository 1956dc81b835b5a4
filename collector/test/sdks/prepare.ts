import { SENDERS } from './senders.ts';

// Run before the tests of SDKs, as a build takes longer than a test may.
for (const { language, prepare } of SENDERS) {
  console.log(`sender of ${language}: ${(await prepare()).join(' ')}`);
}
