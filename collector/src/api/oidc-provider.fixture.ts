import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

export interface TestProvider {
  issuer: string;
  /** Follows the redirects of the provider as a browser does, logged in there as `account`; the last address is back here. */
  visit(url: string, account: string): Promise<string>;
  stop(): Promise<void>;
}

/** Somebody that the provider knows, and what it says about them. */
export type Accounts = Record<string, { preferred_username?: string; email?: string; groups?: string[] }>;

export const CLIENT = { client_id: 'signalbox', client_secret: 'the-secret-of-the-client-at-the-provider' };

/** A real OpenID provider on this machine. Accounts log in by their name alone. */
export async function startProvider(redirectUri: string, accounts: Accounts): Promise<TestProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        ...CLIENT,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    claims: { openid: ['sub'], profile: ['preferred_username', 'groups'], email: ['email'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
    findAccount: async (_context, id) => ({
      accountId: id,
      claims: async () => ({ sub: id, ...accounts[id] }),
    }),
    cookies: { keys: ['a key of the test'] },
  });
  // It warns, on the console, that it is not made for production like this.
  server.on('request', provider.callback());
  return {
    issuer,
    visit: (url, account) => visit({ issuer, url, account }),
    stop: () => stop(server),
  };
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

async function visit({
  account,
  issuer,
  url,
}: {
  issuer: string;
  url: string;
  account: string;
}): Promise<string> {
  const cookies = new Map<string, string>();
  let next = url;
  for (let steps = 0; steps < 20 && next.startsWith(issuer); steps++) {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
    const form = next.includes('/interaction/') ? await formOn(next, cookie) : null;
    const response = await fetch(form?.action ?? next, {
      redirect: 'manual',
      headers: { cookie, ...(form && { 'content-type': 'application/x-www-form-urlencoded' }) },
      ...(form && { method: 'POST', body: `prompt=${form.prompt}&login=${account}&password=x` }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [name = '', ...value] = line.split(';')[0]!.split('=');
      cookies.set(name, value.join('='));
    }
    const location = response.headers.get('location');
    if (location === null) throw new Error(`${response.status} at ${next}: ${await response.text()}`);
    next = new URL(location, next).href;
  }
  return next;
}

async function formOn(url: string, cookie: string): Promise<{ action: string; prompt: string }> {
  const page = await (await fetch(url, { headers: { cookie } })).text();
  const action = /action="([^"]+)"/.exec(page)?.[1] ?? url;
  const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? 'login';
  return { action: new URL(action, url).href, prompt };
}
