import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { type Signalbox, startSignalbox } from '../support/start-signalbox.ts';
import { until } from '../support/until.ts';
import { type Browser, openBrowser } from './open-browser.ts';

const PASSWORD = 'three quiet otters';

let dataDir: string;
let signalbox: Signalbox;
let browser: Browser;
let page: Page;
let key: string;

before(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'signalbox-access-'));
  signalbox = await startSignalbox({ dataDir });
  browser = await openBrowser();
  page = await browser.newPage();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await goTo(`/login#token=${signalbox.token}`);
  await page.waitForURL('**/');
});

after(async () => {
  await browser?.close();
  await signalbox?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const goTo = (path: string, on: Page = page) => on.goto(new URL(path, signalbox.consoleUrl).href);
const textOf = async (element: Locator) => (await element.textContent()) ?? '';
const row = (kind: string, name: string) => page.locator(`[data-testid=${kind}-row][data-name="${name}"]`);
const button = (name: string) => page.getByRole('button', { name, exact: true });
const dialog = () => page.getByRole('dialog');

/** Sends one span with a key as SDKs do; the status of the answer. */
async function sendSpan(withKey: string): Promise<number> {
  const startTimeUnixNano = String(BigInt(Date.now()) * 1_000_000n);
  const span = {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    name: 'POST /orders',
    startTimeUnixNano,
    endTimeUnixNano: startTimeUnixNano,
  };
  const response = await fetch(`${signalbox.otlpHttpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': withKey },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
  });
  await response.arrayBuffer();
  return response.status;
}

async function logIn(on: Page, name: string, password: string): Promise<void> {
  await goTo('/login', on);
  await on.getByLabel('Name').fill(name);
  await on.getByLabel('Password').fill(password);
  await on.getByRole('button', { name: 'Log in', exact: true }).click();
  await on.waitForURL('**/');
}

test('a key is made by the keyboard, and shown once with what SDKs read', async () => {
  await page.getByRole('link', { name: 'Keys' }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('k');
  await page.waitForURL((url) => url.pathname === '/keys');
  await page.getByText('No keys yet').waitFor();
  await button('Make the first key').click();
  await dialog().getByLabel('Name').fill('shop');
  await dialog().getByLabel('Tenant').fill('acme');
  await dialog().getByLabel('Expires after days').fill('30');
  await dialog().getByLabel('Items per second').fill('5000');
  await page.keyboard.press('Enter');
  const secret = page.getByTestId('secret');
  await secret.waitFor();
  await button('Copy: Key').click();
  key = (await page.evaluate('navigator.clipboard.readText()')) as string;
  await button('Copy: For OpenTelemetry SDKs').click();
  await secret.getByText('Copied').nth(1).waitFor();
  const copied = await page.evaluate('navigator.clipboard.readText()');
  assert.equal(copied, `OTEL_EXPORTER_OTLP_HEADERS=x-api-key=${key}`);
  await button('I have copied it').click();
  await row('key', 'shop').waitFor();
  const shown = await textOf(row('key', 'shop'));
  assert.match(shown, new RegExp(`tenant acme.*…${key.slice(-4)}.*active.*never.*5,000 items/s`, 's'));
  assert.ok(!(await page.content()).includes(key));
  await page.reload();
  await row('key', 'shop').waitFor();
  assert.ok(!(await page.content()).includes(key));
});

test('what was sent with a key is seen on it', async () => {
  await until('the receivers to know the key', async () =>
    (await sendSpan(key)) === 200 ? true : undefined,
  );
  await until('the last use', async () => {
    await page.reload();
    const lastUse = row('key', 'shop').getByTestId('key-last-use');
    await lastUse.waitFor();
    return /ago|now/.test(await textOf(lastUse)) ? true : undefined;
  });
  assert.match(await textOf(row('key', 'shop')), /1 item/);
});

test('a mistake of a form says what is wrong and keeps what was typed', async () => {
  await button('New key').click();
  await dialog().getByLabel('Name').fill('mail');
  await dialog().getByLabel('Tenant').fill('not a tenant!');
  await dialog().getByRole('button', { name: 'Make the key' }).click();
  assert.match(await textOf(dialog().getByRole('alert')), /tenant/i);
  assert.equal(await dialog().getByLabel('Name').inputValue(), 'mail');
  await dialog().getByRole('button', { name: 'Cancel' }).click();
  await dialog().waitFor({ state: 'detached' });
  assert.equal(await page.evaluate('document.activeElement.textContent'), 'New key');
});

test('a rotated key holds beside the new one; a revoked one is refused with 401', async () => {
  await button('Rotate shop').click();
  await dialog().getByRole('button', { name: 'Rotate shop' }).click();
  await page.getByTestId('secret').waitFor();
  const next = await textOf(page.getByTestId('secret').locator('code').first());
  assert.notEqual(next, key);
  await page.locator('[data-testid=key-row][data-state=rotating]').waitFor();
  await until('the new key', async () => ((await sendSpan(next)) === 200 ? true : undefined));
  assert.equal(await sendSpan(key), 200);

  await button('Revoke shop').click();
  assert.match(await textOf(dialog()), /shop.*cannot be taken back/s);
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });
  assert.equal(await sendSpan(next), 200);
  await button('Revoke shop').click();
  await dialog().getByRole('button', { name: 'Revoke shop' }).click();
  await page.locator('[data-testid=key-row][data-state=revoked]').waitFor();
  for (const one of [key, next]) {
    await until('the refusal', async () => ((await sendSpan(one)) === 401 ? true : undefined));
  }
});

test('a viewer is added, is offered no keys, and is refused them by the API', async () => {
  await goTo('/people');
  await page.getByText('No users yet').waitFor();
  await button('Add the first user').click();
  await dialog().getByLabel('Name').fill('vic');
  await dialog().getByLabel('Password').fill('short');
  await dialog().getByRole('button', { name: 'Add the user' }).click();
  assert.match(await textOf(dialog().getByRole('alert')), /at least 12 characters/);
  await dialog().getByLabel('Password').fill(PASSWORD);
  await dialog().getByRole('button', { name: 'Add the user' }).click();
  await row('person', 'vic').waitFor();
  assert.equal(await row('person', 'vic').getAttribute('data-role'), 'viewer');

  const viewer = await browser.newPage();
  await logIn(viewer, 'vic', PASSWORD);
  await viewer.getByTestId('user-menu').getByText('vic').waitFor();
  for (const name of ['Keys', 'People', 'Audit']) {
    assert.equal(await viewer.getByRole('link', { name, exact: true }).count(), 0, name);
  }
  for (const [path, said] of [
    ['/keys', 'Keys are for admins'],
    ['/people', 'People are for admins'],
    ['/audit', 'The audit record is for admins'],
  ] as const) {
    await goTo(path, viewer);
    await viewer.getByText(said).waitFor();
    await viewer.getByText('You are logged in as vic, with the role viewer.').waitFor();
    assert.equal(await viewer.evaluate(`fetch('/api/v1${path}').then(({ status }) => status)`), 403);
  }
  const tried = await viewer.evaluate(
    `fetch('/api/v1/keys/x/revoke', { method: 'POST' }).then(({ status }) => status)`,
  );
  assert.equal(tried, 403);
  await viewer.context().close();
});

test('the audit record has all of it, and is narrowed by who and by action', async () => {
  await page.getByRole('link', { name: 'Audit' }).click();
  const rows = page.getByTestId('audit-row');
  await rows.first().waitFor();
  const acts = await rows.evaluateAll((all) =>
    (all as HTMLElement[]).map(
      ({ dataset: { action, outcome, target } }) => `${action} ${target?.split(' ')[0]} ${outcome}`,
    ),
  );
  for (const act of [
    'POST /api/v1/keys shop ok',
    'POST /api/v1/keys/:id/rotate shop ok',
    'POST /api/v1/keys/:id/revoke shop ok',
    'POST /api/v1/people vic ok',
    'POST /api/v1/keys/:id/revoke x denied',
  ]) {
    assert.ok(acts.includes(act), `${act} is not in\n${acts.join('\n')}`);
  }
  await page.getByLabel('Part of an action').fill('revoke');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.searchParams.get('action') === 'revoke');
  await until('two records', async () => ((await rows.count()) === 2 ? true : undefined));
  assert.match(await textOf(rows.last()), /Revoke a key.*shop.*ok/s);
  await goTo('/audit?who=vic');
  await rows.first().waitFor();
  const whose = await rows.locator('[data-row-link]').allTextContents();
  assert.deepEqual([...new Set(whose)], ['vic']);
  await goTo('/audit?who=nobody');
  await page.getByText('No record fits').waitFor();
  assert.ok(!(await page.content()).includes(key));
});

test('more records than a page holds are loaded when asked for', async () => {
  for (let at = 0; at < 201; at += 1) {
    const refused = await signalbox.fetchApi(`/api/v1/keys/none-${at}/revoke`, { method: 'POST' });
    await refused.arrayBuffer();
    assert.equal(refused.status, 404);
  }
  await goTo('/audit?action=revoke');
  const rows = page.getByTestId('audit-row');
  await rows.first().waitFor();
  assert.equal(await rows.count(), 200);
  await button('Load more').click();
  await page.locator('[data-testid=audit-row][data-target="none-0"]').waitFor();
  assert.equal(await button('Load more').count(), 0);
});

test('the pages work at 360 pixels, in the dark, and every control has a name', async () => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.emulateMedia({ colorScheme: 'dark' });
  for (const path of ['/keys', '/people', '/audit']) {
    await goTo(path);
    await page.locator('.access-table, .notice').first().waitFor();
    const widths = await page.evaluate(
      '[document.querySelector("main").scrollWidth, document.querySelector(".top-bar").scrollWidth]',
    );
    assert.deepEqual(widths, [360, 360], path);
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

test('no page asked another host, made an error or broke the content security policy; no key in the log', () => {
  const hosts = new Set(browser.observed.requests.map(({ host }) => host));
  assert.deepEqual([...hosts], [new URL(signalbox.consoleUrl).host]);
  // The browser tells of each answer that is not 2xx: what was refused here was so on purpose.
  assert.deepEqual(
    browser.observed.problems.filter((problem) => !/status of 40[013]/.test(problem)),
    [],
  );
  const printed = signalbox.stdout() + signalbox.stderr();
  for (const secret of [key, PASSWORD]) assert.ok(!printed.includes(secret));
});
