import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApiReader } from '../support/api-reader.ts';
import { runDemo } from '../support/run-demo.ts';
import { startSignalbox } from '../support/start-signalbox.ts';
import { openBrowser } from './open-browser.ts';

// Makes docs/console.png anew, from the demo: node collector/test/browser/take-screenshot.ts [FILE]
const file = process.argv[2] ?? join(import.meta.dirname, '../../../docs/console.png');

const dataDir = await mkdtemp(join(tmpdir(), 'signalbox-screenshot-'));
const signalbox = await startSignalbox({ dataDir });
const browser = await openBrowser();
try {
  const { workflowTraceIds } = await runDemo({ endpoint: signalbox.otlpHttpUrl, requests: 120, seed: 7 });
  const traceId = workflowTraceIds[0] ?? '';
  const trace = await createApiReader(signalbox).trace(traceId);
  const refused = trace?.spans.find(
    ({ service, statusCode }) => service === 'payment' && statusCode === 'ERROR',
  );
  const page = await browser.newPage();
  await page.goto(`${signalbox.consoleUrl}/login#token=${signalbox.token}`);
  await page.goto(`${signalbox.consoleUrl}/traces/${traceId}?span=${refused?.spanId}`);
  await page.getByTestId('span-panel').waitFor();
  await page.mouse.move(0, 0);
  await mkdir(join(file, '..'), { recursive: true });
  await page.screenshot({ path: file });
} finally {
  await browser.close();
  await signalbox.stop();
  await rm(dataDir, { recursive: true, force: true });
}
