import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from '../errors.ts';
import type { Guard } from '../guard.ts';
import type { Api } from './context.ts';

const NOT_BUILT = 'The console is not built. Run `npm run build:console`, then start Signalbox again.\n';

/** The build puts a hash of their content in the names of assets; everything else is asked for anew. */
function cacheControl(path: string): string {
  return /[\\/]assets[\\/]/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache';
}

/** Answers with the console's one page, which finds out by its address what to show. */
export type SendPage = (reply: FastifyReply) => Promise<FastifyReply>;

/** Whether a browser asks for a page to look at, rather than a program for data. */
export function wantsPage(request: FastifyRequest): boolean {
  return request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');
}

/**
 * The console's files. They are the build, the same for everybody who has this version: no data is in them, and what
 * they ask the API for needs a login. So they need none themselves.
 */
export async function consoleRoutes(api: Api, deps: { guard: Guard; folder: string }): Promise<SendPage> {
  const { folder, guard } = deps;
  await guard.addConsoleFiles(async () => {
    await api.register(fastifyStatic, {
      root: folder,
      wildcard: false,
      index: false,
      cacheControl: false,
      preCompressed: true,
      schemaHide: true,
      setHeaders: (reply, path) => void reply.header('cache-control', cacheControl(path)),
    });
  });
  const isBuilt = existsSync(join(folder, 'index.html'));
  const page: SendPage = async (reply) => {
    if (!isBuilt) {
      return reply.code(503).serializer(String).type('text/plain').send(NOT_BUILT);
    }
    return reply.sendFile('index.html');
  };
  api.get('/', { schema: { hide: true } }, async (request, reply) => {
    // A link of an older version: what is in it must not stay in the address.
    return 'token' in (request.query as object) ? reply.redirect('/login', 303) : page(reply);
  });
  api.setNotFoundHandler(async (request, reply) => {
    if (wantsPage(request) && !request.url.startsWith('/api/')) return page(reply);
    const message = `There is no ${request.method} ${request.url.split('?')[0]}. /api/openapi.json lists what there is.`;
    return sendProblem(reply, { status: 404, code: 'not_found', message });
  });
  return page;
}
