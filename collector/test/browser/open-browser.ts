import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome'];
// Nothing of the browser's own may talk to the network.
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** What pages did that they must not do, one line each. */
export interface Observed {
  /** Addresses of all requests but `data:` and `blob:` ones. */
  requests: URL[];
  /** Errors and warnings in the console, exceptions, and violations of the content security policy. */
  problems: string[];
}

export interface PageOptions {
  width?: number;
  height?: number;
  colorScheme?: 'light' | 'dark';
  /** Without, violations of the content security policy are not seen. */
  scripts?: boolean;
}

export interface Browser {
  observed: Observed;
  /** A page of a context of its own: no cookies, nothing remembered. */
  newPage(options?: PageOptions): Promise<Page>;
  close(): Promise<void>;
}

/** Starts the installed Chromium (`CHROMIUM` names another one). Every page of it is watched. */
export async function openBrowser(): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: findChromium(), headless: true, args });
  const observed: Observed = { requests: [], problems: [] };
  return {
    observed,
    async newPage({ width = 1400, height = 900, colorScheme = 'light', scripts = true } = {}) {
      const viewport = { width, height };
      const context = await browser.newContext({ viewport, colorScheme, javaScriptEnabled: scripts });
      context.setDefaultTimeout(15_000);
      await watch(context, observed, scripts);
      return context.newPage();
    },
    close: () => browser.close(),
  };
}

async function watch(context: BrowserContext, observed: Observed, scripts: boolean): Promise<void> {
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (!/^(data|blob):$/.test(url.protocol)) observed.requests.push(url);
  });
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) observed.problems.push(message.text());
  });
  context.on('weberror', (fault) => observed.problems.push(String(fault.error().stack)));
  if (!scripts) return;
  await context.exposeFunction('tellViolation', (text: string) => observed.problems.push(text));
  await context.addInitScript(`document.addEventListener('securitypolicyviolation', (event) =>
    window.tellViolation('CSP ' + event.violatedDirective + ': ' + event.blockedURI));`);
}

function findChromium(): string {
  const { CHROMIUM, PATH = '' } = process.env;
  const candidates = PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  const found = CHROMIUM ?? candidates.find(isExecutable);
  if (found !== undefined) return found;
  throw new Error(
    `Browser tests need Chromium: install one of ${names.join(', ')}, or set CHROMIUM to its path.`,
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
