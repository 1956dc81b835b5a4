import type { FastifyRequest } from 'fastify';

const MAX_URL = 8192;
/** Two of these could be read as one thing here and as another by a proxy in front. */
const ONCE = new Set([
  'authorization',
  'content-length',
  'content-type',
  'cookie',
  'host',
  'origin',
  'sec-fetch-site',
  'transfer-encoding',
  'x-signalbox-csrf',
]);

/** What is wrong with the head of a request, before anybody looks at what it asks for; null when nothing is. */
export function wrongHead({ headers, raw, url }: FastifyRequest, alsoOnce: ReadonlySet<string>) {
  if (url.length > MAX_URL) {
    return { status: 414, code: 'too_long', message: `An address has at most ${MAX_URL} characters.` };
  }
  const seen = new Set<string>();
  for (const [index, name] of raw.rawHeaders.entries()) {
    if (index % 2 === 1) continue;
    const lower = name.toLowerCase();
    if (seen.has(lower) && (ONCE.has(lower) || alsoOnce.has(lower)))
      return bad(`The header ${lower} stands there twice.`);
    seen.add(lower);
  }
  if (headers['transfer-encoding'] !== undefined && headers['content-length'] !== undefined) {
    return bad('A request says its length in one way, not in two.');
  }
  return null;
}

function bad(message: string) {
  return { status: 400, code: 'bad_request', message };
}
