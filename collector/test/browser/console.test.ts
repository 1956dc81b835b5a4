import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { NOTIFICATION } from '#api/api-answers.fixture.ts';
import { untilSettled } from '../support/accounting.ts';
import { type DemoSummary, runDemo } from '../support/run-demo.ts';
import { sendLog } from '../support/send-log.ts';
import { type Signalbox, startSignalbox } from '../support/start-signalbox.ts';
import { until } from '../support/until.ts';
import { type Browser, openBrowser } from './open-browser.ts';

const services = ['assistant', 'inventory', 'model-stand-in', 'orders-queue', 'payment', 'shop', 'worker'];
// With this seed the requests hold workflows and an exception.
const traffic = { requests: 120, seed: 7 };

let dataDir: string;
let signalbox: Signalbox;
let browser: Browser;
let page: Page;
let summary: DemoSummary;

before(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'signalbox-browser-'));
  signalbox = await startSignalbox({ dataDir });
  browser = await openBrowser();
  page = await browser.newPage();
});

after(async () => {
  await browser?.close();
  await signalbox?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const byId = (id: string) => page.getByTestId(id);
const textOf = async (element: Locator) => (await element.textContent()) ?? '';
const goTo = (path: string) => page.goto(new URL(path, signalbox.consoleUrl).href);
const pathOf = () => new URL(page.url()).pathname;

async function waitForPath(path: string): Promise<void> {
  await page.waitForURL((url) => url.pathname === path);
}

/** Posts to the webhook as Alertmanager does; the status of the answer. */
async function tellAlerts(notification: object): Promise<number> {
  const token = (await readFile(join(dataDir, 'secrets/machine-token'), 'utf8')).trim();
  const response = await fetch(new URL('/api/v1/alerts/webhook', signalbox.consoleUrl), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(notification),
  });
  return response.status;
}

/** The alerts of the page in their order, as in `DiskFull resolved`. */
function alertStates(): Promise<string[]> {
  return byId('alert-row').evaluateAll((rows) =>
    (rows as HTMLElement[]).map(({ dataset: { alert, state } }) => `${alert} ${state}`),
  );
}

/** Whether anything is drawn on the first canvas of the chart. */
function isDrawn(): Promise<boolean> {
  return byId('chart')
    .locator('canvas')
    .first()
    .evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return data.some((value) => value > 0);
    });
}

test('the printed link logs in, leaves no token in the address, and waits for the first telemetry', async () => {
  await goTo(`/login#token=${signalbox.token}`);
  await byId('empty-state').waitFor();
  assert.doesNotMatch(page.url(), /token/);
  const shown = await textOf(byId('empty-state'));
  assert.ok(shown.includes(signalbox.otlpHttpUrl), 'the empty state shows where to send');
});

test('services take the place of the empty state by themselves when the demo sends', async () => {
  const demo = runDemo({ endpoint: signalbox.otlpHttpUrl, ...traffic });
  await byId('service-row').first().waitFor({ timeout: 30_000 });
  summary = await demo;
  await untilSettled(signalbox);
  assert.equal(await byId('empty-state').count(), 0);
});

test('the services page shows every service of the demo with its rate and errors', async () => {
  await goTo('/');
  for (const service of services) {
    const row = page.locator(`[data-testid=service-row][data-service="${service}"]`);
    await row.waitFor();
    assert.match(await textOf(row), /\d/);
  }
  const payment = await textOf(page.locator('[data-testid=service-row][data-service=payment]'));
  assert.match(payment, /▲ \d/, 'payment shows its errors with a mark, not only by colour');
});

test('a failing trace is found among the traces with errors and opens as a waterfall at its failed span', async () => {
  const [failed] = summary.failedTraceIds;
  await goTo('/traces?error=true');
  const row = page.locator(`[data-testid=trace-row][data-trace-id="${failed}"]`);
  await row.waitFor();
  assert.equal(await row.getAttribute('data-error'), 'true');
  await row.click();
  await waitForPath(`/traces/${failed}`);
  const span = page.locator('[data-testid=waterfall-row][data-error=true]').first();
  await span.waitFor();
  assert.match(await textOf(span), /GET \/recommendations/);
  const panel = await textOf(byId('span-panel'));
  assert.match(panel, /http\.route/);
  assert.match(panel, /TypeError/, 'the exception is shown');
});

test('the failing trace shows its log lines', async () => {
  await page.getByRole('tab', { name: /Logs/ }).click();
  await byId('trace-log-row').first().waitFor();
  const lines = await byId('trace-log-row').allTextContents();
  assert.ok(
    lines.some((line) => line.includes('request failed')),
    lines.join('\n'),
  );
  assert.ok(
    lines.some((line) => line.includes('request finished')),
    lines.join('\n'),
  );
});

test('a workflow is drawn whole, and says by how much a clock was off', async () => {
  const [workflow] = summary.workflowTraceIds;
  await goTo(`/traces/${workflow}`);
  await byId('waterfall-row').first().waitFor();
  // It is measured against requests that take their time, so not to the millisecond.
  assert.match(await textOf(page.locator('main')), /clock of payment is about (2\.[5-9]\d*|3\S*) s ahead/);
  const names = (await byId('waterfall-row').allTextContents()).join('\n');
  for (const name of ['POST /workflow', 'checkout', 'send orders', 'process orders', 'chat demo-small']) {
    assert.ok(names.includes(name), `${name} in ${names}`);
  }
});

test('logs are found by words and severity, and a line opens with all it carries', async () => {
  await goTo('/logs?q=payment%20refused');
  await byId('log-row').first().waitFor();
  const lines = await byId('log-row').allTextContents();
  assert.ok(lines.every((line) => line.includes('payment refused')));
  await byId('log-row').first().click();
  await page.getByText('order.id').first().waitFor();
  await page.locator('main').getByRole('link', { name: /trace/i }).first().click();
  await page.waitForURL(/\/traces\/[0-9a-f]{32}/);
});

test('the live tail shows a line that arrives while it is watched', async () => {
  await goTo('/logs?tail=1');
  await byId('tail-bar').getByText('Following').waitFor();
  const body = `tail me ${Date.now()}`;
  await sendLog(signalbox.otlpHttpUrl, { service: 'tailed', body });
  await byId('log-row').filter({ hasText: body }).waitFor();
});

test('a metric is found by its name and plotted', async () => {
  await goTo('/metrics?q=http.server');
  await byId('metric-row').filter({ hasText: 'http.server.request.duration' }).click();
  await waitForPath('/metrics/http.server.request.duration');
  await byId('chart').locator('canvas').first().waitFor();
  assert.ok(await isDrawn(), 'the plot is not empty');
});

test('the data page says that everything accepted is delivered, and that every sum holds', async () => {
  await goTo('/data');
  await byId('account-row').first().waitFor();
  assert.match(await textOf(byId('data-verdict')), /Everything accepted is delivered/);
  const rows = await byId('account-row').evaluateAll((all) =>
    (all as HTMLElement[]).map(({ dataset: { balanced, destination, signal } }) =>
      [destination, signal, balanced].join(' '),
    ),
  );
  assert.deepEqual(rows.sort(), ['store logs true', 'store metrics true', 'store traces true']);
  assert.equal(await byId('journal-row').count(), 3);
});

test('an alert that the webhook is told appears on the page and in the rail, and opens with all it carries', async () => {
  await goTo('/alerts');
  await byId('alerts-empty')
    .getByText(`${new URL(signalbox.consoleUrl).origin}/api/v1/alerts/webhook`)
    .waitFor();
  assert.match(await textOf(byId('alerts-empty')), /This process evaluates no rules by itself/);
  assert.equal(await tellAlerts(NOTIFICATION), 200);

  const firing = page.locator('[data-testid=alert-row][data-alert=HighErrorRate]');
  await firing.waitFor({ timeout: 30_000 });
  assert.match(await textOf(firing), /firing.*critical.*HighErrorRate is wrong.*shop/);
  assert.match(await textOf(byId('alerts-verdict')), /1 alert is firing.*the Watchdog was heard/);
  await byId('firing-count').getByText('1').waitFor();
  assert.deepEqual(await alertStates(), ['HighErrorRate firing', 'DiskFull resolved']);

  await firing.click();
  await byId('alert-detail').getByText('service_name').waitFor();
  const rule = byId('alert-detail').getByRole('link', { name: 'Rule' });
  assert.equal(await rule.getAttribute('href'), NOTIFICATION.alerts[0]?.generatorURL);
  assert.match(new URL(page.url()).searchParams.get('alert') ?? '', /^c0ffee0000000001-\d+$/);
  await page.reload();
  await byId('alert-detail').waitFor();
  await page.keyboard.press('Escape');
  await byId('alert-detail').waitFor({ state: 'detached' });
});

test('alerts are narrowed by state, and found by the keyboard', async () => {
  await goTo('/alerts');
  await page.getByLabel('State', { exact: true }).selectOption('resolved');
  await page.waitForURL((url) => url.searchParams.get('state') === 'resolved');
  await page.locator('[data-testid=alert-row][data-alert=HighErrorRate]').waitFor({ state: 'detached' });
  assert.deepEqual(await alertStates(), ['DiskFull resolved']);
  await goTo('/data');
  await page.locator('main h1').waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await waitForPath('/alerts');
  await byId('alert-row').first().waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await byId('alert-detail').waitFor();
  const [told] = NOTIFICATION.alerts;
  assert.equal(
    await tellAlerts({
      ...NOTIFICATION,
      alerts: [{ ...told, status: 'resolved', endsAt: '2026-01-31T10:30:00Z' }],
    }),
    200,
  );
  await page
    .locator('[data-testid=alert-row][data-alert=HighErrorRate][data-state=resolved]')
    .waitFor({ timeout: 30_000 });
  await byId('firing-count').waitFor({ state: 'detached', timeout: 30_000 });
  assert.match(await textOf(byId('alerts-verdict')), /Nothing is firing · the Watchdog was heard/);
});

test('the keyboard goes from page to page, through rows, into a trace and out of a panel', async () => {
  await goTo('/');
  await byId('service-row').first().waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await waitForPath('/traces');
  await byId('trace-row').first().waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/traces\/[0-9a-f]{32}/);
  await byId('span-panel').waitFor();
  await page.keyboard.press('Escape');
  await byId('span-panel').waitFor({ state: 'detached' });
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  const search = page.getByRole('searchbox', { name: /open a trace by its id/ });
  await until('the search box to have the focus', async () => {
    await page.keyboard.press('/');
    return (await search.evaluate((box) => box === document.activeElement)) || undefined;
  });
  await page.keyboard.type(summary.workflowTraceIds[0]!);
  await page.keyboard.press('Enter');
  await waitForPath(`/traces/${summary.workflowTraceIds[0]}`);
});

test('going back returns to the list with its filters', async () => {
  await goTo('/traces?error=true');
  await byId('trace-row').first().click();
  await page.waitForURL(/\/traces\/[0-9a-f]{32}/);
  await page.goBack();
  await byId('trace-row').first().waitFor();
  assert.equal(pathOf(), '/traces');
  assert.equal(new URL(page.url()).searchParams.get('error'), 'true');
});

test('every control on every page has a name, and every page one heading', async () => {
  const [workflow] = summary.workflowTraceIds;
  const pages = [
    '/',
    '/services/shop',
    '/traces',
    `/traces/${workflow}`,
    '/logs',
    '/metrics',
    '/alerts',
    '/processors',
    '/data',
    '/keys',
    '/people',
    '/audit',
    '/send',
  ];
  for (const path of pages) {
    await goTo(path);
    await page.locator('main h1').first().waitFor();
    const nameless = await page.locator('button, a[href], input, select').evaluateAll((controls) =>
      (controls as HTMLInputElement[])
        .filter((control) => {
          const label = control.getAttribute('aria-label') ?? control.title ?? '';
          return `${label}${control.textContent}${control.labels?.[0]?.textContent ?? ''}`.trim() === '';
        })
        .map((control) => control.outerHTML),
    );
    assert.deepEqual(nameless, [], path);
    assert.equal(await page.locator('h1').count(), 1, path);
  }
});

test('no page asked another host, made an error or broke the content security policy', () => {
  const hosts = new Set(browser.observed.requests.map(({ host }) => host));
  assert.deepEqual([...hosts], [new URL(signalbox.consoleUrl).host]);
  assert.deepEqual(browser.observed.problems, []);
});

test('without a session the console leads to the login, and from there to where the link led', async () => {
  const stranger = await browser.newPage();
  await stranger.goto(new URL('/traces?from=now-6h', signalbox.consoleUrl).href);
  await stranger.waitForURL((url) => url.pathname === '/login');
  await stranger.getByText('With the operators’ token').click();
  await stranger.getByLabel('Token').fill('wrong');
  await stranger.getByRole('button', { name: 'Log in with the token' }).click();
  await stranger.getByRole('alert').waitFor();
  await stranger.getByLabel('Token').fill(signalbox.token);
  await stranger.getByRole('button', { name: 'Log in with the token' }).click();
  await stranger.waitForURL('**/traces?from=now-6h');
  await stranger.getByTestId('trace-row').first().waitFor();
  await stranger.context().close();
});
