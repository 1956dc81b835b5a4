import { createServer } from 'node:http';

/** What can be broken, by the word people type, and the service it means. */
export const breakable = {
  payment: 'payment',
  inventory: 'inventory',
  model: 'model-stand-in',
  queue: 'orders-queue',
} as const;

export type Breakable = keyof typeof breakable;

export interface ControlRequest {
  action: 'break' | 'mend';
  targets: Breakable[];
}

export const isBreakable = (word: unknown): word is Breakable =>
  typeof word === 'string' && Object.hasOwn(breakable, word);

/** What `break` and `mend` print about a target. */
export const describeControl = ({ action, targets }: ControlRequest): string =>
  `${targets.join(', ')}: ${action === 'break' ? 'broken' : 'mended'}`;

const maxBodyBytes = 1_000;

/**
 * Listens on 127.0.0.1 for `POST /control` with a ControlRequest as JSON and hands it to `apply`.
 * Only JSON by its content type is taken, so that no web page can send it without asking first.
 */
export async function createControl(
  port: number,
  apply: (request: ControlRequest) => void,
): Promise<{ close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const answer = (status: number, message: string) => {
      response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
      response.end(`${JSON.stringify({ message })}\n`);
    };
    if (request.url !== '/control') return answer(404, 'no such path; use POST /control');
    if (request.method !== 'POST') return answer(405, 'use POST');
    if (!request.headers['content-type']?.startsWith('application/json')) return answer(415, 'send JSON');
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) {
      text += chunk;
      if (text.length > maxBodyBytes) return answer(413, 'too long');
    }
    const parsed = parseControl(text);
    if (!parsed) {
      return answer(
        400,
        `send {"action":"break"|"mend","targets":[...]} with ${Object.keys(breakable).join(', ')}`,
      );
    }
    apply(parsed);
    answer(200, describeControl(parsed));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen({ host: '127.0.0.1', port }, resolve);
  });
  return { close: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** Reads the body of a control request; undefined when it is not one. */
export function parseControl(text: string): ControlRequest | undefined {
  try {
    const { action, targets } = JSON.parse(text) as Partial<ControlRequest>;
    if (action !== 'break' && action !== 'mend') return undefined;
    if (!Array.isArray(targets) || targets.length === 0 || !targets.every(isBreakable)) return undefined;
    return { action, targets };
  } catch {
    return undefined;
  }
}

/** Asks the demo that runs on this machine to break or mend something; throws when none answers. */
export async function sendControl(port: number, request: ControlRequest): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/control`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
    signal: AbortSignal.timeout(5_000),
  }).catch(() => {
    throw new Error(
      `No demo answers on port ${port}. Start one with "npm run demo"; other ports: --port-base.`,
    );
  });
  const { message } = (await response.json()) as { message: string };
  if (!response.ok) throw new Error(`The demo refused: ${message}`);
  return message;
}
