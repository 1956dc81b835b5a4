import { ENGINE_NAMES } from './engine-facts.ts';
import { startEngine } from './start-engine.ts';

// For the test that an engine ends with the process that started it: `node start-and-wait.ts ENGINE`.
const name = ENGINE_NAMES.find((each) => each === process.argv[2])!;
const { pid, rootDir } = await startEngine(name, { scope: { after() {} } });
console.log(JSON.stringify({ pid, rootDir }));
setInterval(() => {}, 1000);
