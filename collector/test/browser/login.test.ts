import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type Signalbox, startSignalbox } from '../support/start-signalbox.ts';
import { type Browser, openBrowser } from './open-browser.ts';

const PASSWORD = 'three quiet otters';
const VIEWER = { name: 'vic', role: 'viewer', password: PASSWORD };

let dataDir: string;
let signalbox: Signalbox;
let browser: Browser;

before(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'signalbox-login-'));
  signalbox = await startSignalbox({ dataDir });
  browser = await openBrowser();
  const headers = { 'content-type': 'application/json' };
  const added = await signalbox.fetchApi('/api/v1/people', {
    method: 'POST',
    headers,
    body: JSON.stringify(VIEWER),
  });
  assert.equal(added.status, 201);
});

after(async () => {
  await browser?.close();
  await signalbox?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const goTo = (page: Page, path: string) => page.goto(new URL(path, signalbox.consoleUrl).href);
const pathOf = (page: Page) => page.url().slice(signalbox.consoleUrl.length);

async function logIn(page: Page, password: string): Promise<void> {
  await page.getByLabel('Name').fill('vic');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
}

test('without a script, at 360 pixels and in the dark, somebody logs in and comes to where the link led', async () => {
  const page = await browser.newPage({ width: 360, height: 740, colorScheme: 'dark', scripts: false });
  await goTo(page, '/login?next=%2Flogs%3Fseverity%3Derror');
  const box = await page.locator('main').boundingBox();
  assert.ok(box !== null && box.x >= 0 && box.x + box.width <= 360, JSON.stringify(box));
  await logIn(page, 'wrong password');
  assert.match((await page.getByRole('alert').textContent()) ?? '', /do not go together/);
  assert.equal(await page.getByLabel('Name').inputValue(), 'vic');
  assert.equal(await page.getByLabel('Password').inputValue(), '');
  await logIn(page, PASSWORD);
  await page.waitForURL('**/logs?severity=error');
  assert.equal(pathOf(page), '/logs?severity=error');
  const [cookie] = await page.context().cookies();
  assert.partialDeepStrictEqual(cookie, {
    name: 'signalbox_session',
    httpOnly: true,
    sameSite: 'Strict',
    path: '/',
  });
  await page.context().close();
});

test('in the light and in the dark the page has colours of its own, and nothing of it is wider than a phone', async () => {
  const backgrounds = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await browser.newPage({ width: 360, height: 740, colorScheme });
    await goTo(page, '/login');
    await page.getByText('With the operators’ token').click();
    backgrounds.push(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 360);
    await page.context().close();
  }
  assert.deepEqual(backgrounds, ['rgb(246, 247, 249)', 'rgb(16, 19, 23)']);
});

test('the token of a link is sent to no server in an address, and is in none when the console is there', async () => {
  const page = await browser.newPage();
  const addresses: string[] = [];
  const referrers: string[] = [];
  page.on('request', (request) => {
    addresses.push(request.url());
    referrers.push(request.headers().referer ?? '');
  });
  await goTo(page, `/login#token=${signalbox.token}`);
  await page.waitForURL('**/');
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  assert.ok(addresses.length > 3);
  // What the browser shows of the first address is what was typed; a server gets it without the part behind #.
  for (const address of addresses.slice(1)) assert.ok(!address.includes(signalbox.token), address);
  for (const referrer of referrers) assert.ok(!referrer.includes(signalbox.token), referrer);
  await page.goBack();
  assert.ok(!page.url().includes(signalbox.token), page.url());
  await page.context().close();
});

test('a wrong token in a link ends on the page with what is wrong, and stays in no address', async () => {
  const page = await browser.newPage();
  await goTo(page, '/login#token=wrong-token');
  assert.match((await page.getByRole('alert').textContent()) ?? '', /not the operators' token/);
  assert.ok(!page.url().includes('wrong-token'));
  await page.context().close();
});

test('a page of another origin can neither read with the cookie nor change anything', async () => {
  const page = await browser.newPage();
  await goTo(page, '/login');
  await logIn(page, PASSWORD);
  await page.waitForURL('**/');
  const { port } = new URL(signalbox.consoleUrl);
  // Another name for this machine is another site; its pages get no cookie of ours.
  await page.goto(`http://localhost:${port}/login`);
  const outcome =
    await page.evaluate(`fetch('http://127.0.0.1:${port}/api/v1/session', { credentials: 'include' })
    .then((response) => response.status, () => 'refused')`);
  assert.equal(outcome, 'refused');
  await page.context().close();
});
