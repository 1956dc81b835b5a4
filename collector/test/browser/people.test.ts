import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { type Signalbox, startSignalbox } from '../support/start-signalbox.ts';
import { type Browser, openBrowser } from './open-browser.ts';

const PASSWORD = 'three quiet otters';
const OTHER_PASSWORD = 'seven loud herons';

let dataDir: string;
let signalbox: Signalbox;
let browser: Browser;
let page: Page;

before(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'signalbox-people-'));
  signalbox = await startSignalbox({ dataDir });
  browser = await openBrowser();
  const added = await signalbox.fetchApi('/api/v1/people', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'vic', role: 'viewer', password: PASSWORD }),
  });
  assert.equal(added.status, 201);
  page = await browser.newPage();
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
const button = (name: string) => page.getByRole('button', { name, exact: true });
const dialog = () => page.getByRole('dialog');

async function logIn(on: Page, name: string, password: string): Promise<void> {
  await goTo('/login', on);
  await on.getByLabel('Name').fill(name);
  await on.getByLabel('Password').fill(password);
  await on.getByRole('button', { name: 'Log in', exact: true }).click();
  await on.waitForURL('**/');
}

test('somebody changes their own password, and logs out', async () => {
  const viewer = await browser.newPage({ width: 360, height: 740, colorScheme: 'dark' });
  await logIn(viewer, 'vic', PASSWORD);
  const named = (name: string) => viewer.getByRole('button', { name, exact: true });
  await viewer.getByTestId('user-menu').click();
  await named('Change password').click();
  await viewer.getByLabel('Current password').fill('not this one');
  await viewer.getByLabel('New password').fill(OTHER_PASSWORD);
  await viewer.getByRole('dialog').getByRole('button', { name: 'Change password' }).click();
  assert.match(await textOf(viewer.getByRole('alert')), /current password is not right/);
  await viewer.getByLabel('Current password').fill(PASSWORD);
  await viewer.getByRole('dialog').getByRole('button', { name: 'Change password' }).click();
  await viewer.getByText('You stay logged in here').waitFor();
  await named('Close').click();
  await viewer.getByTestId('user-menu').click();
  await named('Log out everywhere').click();
  await viewer.waitForURL('**/login');
  await goTo('/traces', viewer);
  await viewer.waitForURL('**/login?next=%2Ftraces');
  await logIn(viewer, 'vic', OTHER_PASSWORD);
  await viewer.context().close();
});

test('a user gets another role and is disabled; a token is made, shown once, used and revoked', async () => {
  await goTo('/people');
  await button('Role: vic').click();
  await dialog().getByLabel('Role').selectOption('operator');
  await dialog().getByRole('button', { name: 'Change the role' }).click();
  await page.locator('[data-testid=person-row][data-role=operator]').waitFor();
  await button('Disable: vic').click();
  await dialog().getByRole('button', { name: 'Disable vic' }).click();
  await page.locator('[data-testid=person-row][data-disabled=true]').waitFor();

  await button('New token').click();
  await dialog().getByLabel('Name').fill('nightly');
  await dialog().getByRole('button', { name: 'Make the token' }).click();
  const token = await textOf(page.getByTestId('secret').locator('code').first());
  const asToken = () =>
    fetch(new URL('/api/v1/status', signalbox.consoleUrl), { headers: { authorization: `Bearer ${token}` } });
  assert.equal((await asToken()).status, 200);
  await button('Revoke token nightly').click();
  await dialog().getByRole('button', { name: 'Revoke nightly' }).click();
  await page.getByTestId('no-tokens').waitFor();
  assert.equal((await asToken()).status, 401);

  await button('Remove: vic').click();
  await dialog().getByRole('button', { name: 'Remove vic' }).click();
  await page.getByText('No users yet').waitFor();
});

test('none of it is in the log, and the audit record has it', async () => {
  const printed = signalbox.stdout() + signalbox.stderr();
  for (const secret of [PASSWORD, OTHER_PASSWORD]) assert.ok(!printed.includes(secret));
  await goTo('/audit');
  const rows = page.getByTestId('audit-row');
  await rows.first().waitFor();
  const acts = await rows.evaluateAll((all) =>
    (all as HTMLElement[]).map(({ dataset: { action, outcome } }) => `${action} ${outcome}`),
  );
  assert.deepEqual(
    acts.filter((act) => !act.startsWith('login ')),
    [
      'DELETE /api/v1/people/:name ok',
      'DELETE /api/v1/tokens/:id ok',
      'POST /api/v1/tokens ok',
      'PATCH /api/v1/people/:name ok',
      'PATCH /api/v1/people/:name ok',
      'logout everywhere ok',
      'change own password ok',
      'change own password denied',
      'POST /api/v1/people ok',
    ],
  );
});
