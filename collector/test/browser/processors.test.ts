import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { untilSettled } from '../support/accounting.ts';
import { type Signalbox, startSignalbox } from '../support/start-signalbox.ts';
import { type Browser, openBrowser } from './open-browser.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const EMAIL = 'alice@example.com';
const USER = 'user-4711';

let dataDir: string;
let signalbox: Signalbox;
let browser: Browser;
let page: Page;

before(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'signalbox-processors-'));
  signalbox = await startSignalbox({ dataDir, env: { SIGNALBOX_SAMPLE_DROP_HEALTH_CHECKS: 'true' } });
  browser = await openBrowser();
  page = await browser.newPage();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await goTo(`/login#token=${signalbox.token}`);
});

after(async () => {
  await browser?.close();
  await signalbox?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const byId = (id: string) => page.getByTestId(id);
const textOf = async (element: Locator) => (await element.textContent()) ?? '';
const goTo = (path: string) => page.goto(new URL(path, signalbox.consoleUrl).href);
const paramOf = (name: string) => new URL(page.url()).searchParams.get(name);
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });

function rulesOf(rows: Locator): Promise<string[]> {
  return rows.evaluateAll((all) =>
    (all as HTMLElement[]).map(({ dataset: { count, rule, service } }) => `${rule} ${service} ${count}`),
  );
}

/** A request of `shop` by a user, with a secret in it, and one for its health. */
async function sendSpans(): Promise<void> {
  const startTimeUnixNano = String(BigInt(Date.now()) * 1_000_000n);
  const times = { startTimeUnixNano, endTimeUnixNano: startTimeUnixNano, kind: 2 };
  const spans = [
    {
      ...times,
      traceId: TRACE_ID,
      spanId: 'b7ad6b7169203331',
      name: 'POST /orders',
      attributes: [text('user.id', USER), text('note', `mail ${EMAIL}`), text('url.path', '/orders')],
    },
    {
      ...times,
      traceId: 'ffffffffffffffffffffffffffffff01',
      spanId: 'b7ad6b7169203332',
      name: 'GET /healthz',
      attributes: [text('url.path', '/healthz'), text('http.request.method', 'GET')],
    },
  ];
  const resource = { attributes: [text('service.name', 'shop')] };
  const response = await fetch(`${signalbox.otlpHttpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] }),
  });
  assert.equal(response.status, 200, await response.text());
}

test('before anything was done the page says what is on, and which rules', async () => {
  await page.keyboard.press('g');
  await page.keyboard.press('p');
  await page.waitForURL((url) => url.pathname === '/processors');
  await byId('processor-section').first().waitFor();
  assert.match(await textOf(byId('processors-empty')), /Nothing is dropped until you say so/);
  const on = await byId('processor-section').evaluateAll((all) =>
    (all as HTMLElement[]).map(({ dataset }) => `${dataset.processor} ${dataset.on}`),
  );
  assert.deepEqual(on, ['content true', 'redact true', 'enrich true', 'limit true', 'sample true']);
  assert.match(await textOf(byId('content-modes')), /all services\s*redacted/);
  assert.equal(await page.locator('[data-testid=rule][data-rule=email]').getAttribute('data-on'), 'true');
  const ip = page.locator('[data-testid=rule][data-rule=ip]');
  assert.equal(await ip.getAttribute('data-on'), 'false');
  assert.match(await textOf(ip), /off.*IP addresses/);
});

test('what was taken out, hashed and dropped of a request is counted on the page, and in words', async () => {
  await sendSpans();
  await untilSettled(signalbox);
  await goTo('/processors?service=shop');
  await byId('count-row').first().waitFor();
  assert.deepEqual((await rulesOf(byId('count-row'))).sort(), [
    'drop:health_checks shop 1',
    'email shop 1',
    'user-id shop 1',
  ]);
  const said = await textOf(byId('processors-verdict'));
  assert.match(said, /\d+ values? redacted, \d+ ids? hashed, 1 span dropped, nothing cut/);
});

test('counts are narrowed and sorted by the address, so that a link shows the same', async () => {
  await page.getByLabel('Processor', { exact: true }).selectOption('redact');
  await page.waitForURL((url) => url.searchParams.get('processor') === 'redact');
  await page.getByRole('button', { name: 'Rule' }).click();
  await page.waitForURL((url) => url.searchParams.get('sort') === 'rule');
  await page.reload();
  await byId('count-row').first().waitFor();
  assert.deepEqual(await rulesOf(byId('count-row')), ['email shop 1', 'user-id shop 1']);
  await goTo('/processors?service=nobody');
  await page.getByText('No count fits').waitFor();
});

test('a text is tried with Ctrl+Enter; what went and what came is marked, and can be copied', async () => {
  await goTo('/processors');
  await page.getByRole('button', { name: 'Try a text' }).click();
  await page.keyboard.type(`mail to ${EMAIL} now`);
  await page.keyboard.press('Control+Enter');
  await byId('try-result').waitFor();
  const diff = byId('try-diff');
  assert.equal(await textOf(diff.locator('del')), EMAIL);
  assert.equal(await textOf(diff.locator('ins')), '[redacted:email]');
  assert.match(await textOf(byId('try-change')), /redact email redacted.*E-mail addresses/);
  await byId('try-result').getByRole('button', { name: 'Copy what would be kept' }).click();
  await byId('try-result').getByText('Copied').waitFor();
  assert.equal(await page.evaluate('navigator.clipboard.readText()'), 'mail to [redacted:email] now');

  await page.getByLabel('Attribute key').fill('http.request.header.authorization');
  await byId('try-it').getByRole('button', { name: 'Try', exact: true }).click();
  await page.locator('[data-testid=try-change][data-rule=credential]').waitFor();
  assert.equal(await textOf(diff.locator('ins')), '[redacted:credential]');
});

test('a whole request can be tried, and a broken one says what is wrong', async () => {
  await page.getByLabel('Attribute key').fill('');
  const field = page.getByLabel('Text to try');
  const attributes = [text('service.name', 'shop')];
  const spans = [
    {
      traceId: TRACE_ID,
      spanId: 'b7ad6b7169203331',
      name: EMAIL,
      startTimeUnixNano: '1',
      endTimeUnixNano: '2',
    },
  ];
  await field.fill(
    JSON.stringify({ resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans }] }] }),
  );
  await field.press('Control+Enter');
  await byId('try-diff').getByText('"name"').waitFor();
  assert.ok((await byId('try-diff').locator('ins').allTextContents()).includes('[redacted:email]'));
  await field.fill('{"resourceSpans": [{]}');
  await field.press('Control+Enter');
  await byId('try-it').getByRole('alert').waitFor();
  assert.match(await textOf(byId('try-it').getByRole('alert')), /not OTLP\/JSON/);
  assert.equal(await byId('try-result').count(), 0);
});

test('a user is found by the hash of the id, which leads to the trace', async () => {
  await page.getByRole('button', { name: 'Find a user' }).click();
  await page.keyboard.type(USER);
  await page.keyboard.press('Enter');
  const hash = await textOf(byId('user-hash'));
  assert.match(hash, /^hmac:[0-9a-f]{32}$/);
  assert.ok(!page.url().includes(USER), 'the id is not in the address');
  await byId('find-user').getByRole('link', { name: 'Traces by user.id' }).click();
  await page.waitForURL((url) => url.pathname === '/traces');
  assert.equal(paramOf('attr.user.id'), hash);
  await page.locator(`[data-testid=trace-row][data-trace-id="${TRACE_ID}"]`).waitFor();
});

test('the page works at 360 pixels, in the dark, and by the keyboard alone', async () => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await goTo('/processors');
  await byId('count-row').first().waitFor();
  const isWider = await page.evaluate('document.querySelector("main").scrollWidth > window.innerWidth');
  assert.equal(isWider, false);
  const nameless = await page.locator('button, a[href], input, select, textarea').evaluateAll((controls) =>
    (controls as HTMLInputElement[])
      .filter((control) => {
        const label = control.getAttribute('aria-label') ?? control.title ?? '';
        return `${label}${control.textContent}${control.labels?.[0]?.textContent ?? ''}`.trim() === '';
      })
      .map((control) => control.outerHTML),
  );
  assert.deepEqual(nameless, []);
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname !== '/processors');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1400, height: 900 });
});

test('neither the secret nor the id is in what is kept, and neither they nor the texts in the log', async () => {
  const kept = JSON.stringify(await (await signalbox.fetchApi(`/api/v1/traces/${TRACE_ID}`)).json());
  const logs = await (await signalbox.fetchApi('/api/v1/logs?limit=1000')).text();
  const printed = signalbox.stdout() + signalbox.stderr();
  for (const secret of [EMAIL, USER]) {
    for (const place of [kept, logs, printed]) assert.ok(!place.includes(secret), secret);
  }
  const key = (await readFile(join(dataDir, 'secrets/hash-key'), 'utf8')).trim();
  assert.ok(!printed.includes(key));
});

test('no page asked another host, made an error or broke the content security policy', () => {
  const hosts = new Set(browser.observed.requests.map(({ host }) => host));
  assert.deepEqual([...hosts], [new URL(signalbox.consoleUrl).host]);
  // The browser tells of each answer that is not 2xx: the broken request, on purpose.
  assert.deepEqual(
    browser.observed.problems.filter((problem) => !problem.includes('status of 400')),
    [],
  );
});
