import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Access } from '../access.ts';
import { sendProblem } from '../errors.ts';
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

/** The console's files and the ways to log in. Its pages hold no data, so they need no login. */
export async function consoleRoutes(api: Api, deps: { access: Access; folder: string }): Promise<SendPage> {
  const { access, folder } = deps;
  await api.register(fastifyStatic, {
    root: folder,
    wildcard: false,
    index: false,
    cacheControl: false,
    preCompressed: true,
    schemaHide: true,
    setHeaders: (reply, path) => void reply.header('cache-control', cacheControl(path)),
  });
  const isBuilt = existsSync(join(folder, 'index.html'));
  const page: SendPage = async (reply) => {
    if (!isBuilt) {
      return reply.code(503).serializer(String).type('text/plain').send(NOT_BUILT);
    }
    return reply.sendFile('index.html');
  };
  api.get('/', { schema: { hide: true } }, async (request, reply) => {
    const { token } = request.query as { token?: unknown };
    if (typeof token !== 'string' || !access.isOperatorToken(token)) return page(reply);
    return reply.header('set-cookie', access.sessionCookie()).redirect('/', 303);
  });
  api.post(
    '/login',
    { schema: { hide: true, body: Type.Object({ token: Type.String() }) } },
    async (request, reply) => {
      if (access.isOperatorToken(request.body.token)) {
        return reply.code(204).header('set-cookie', access.sessionCookie()).send();
      }
      return sendProblem(reply, {
        status: 401,
        code: 'unauthorized',
        message: 'This is not the token printed at start.',
      });
    },
  );
  api.setNotFoundHandler(async (request, reply) => {
    if (wantsPage(request) && !request.url.startsWith('/api/')) return page(reply);
    const message = `There is no ${request.method} ${request.url.split('?')[0]}. /api/openapi.json lists what there is.`;
    return sendProblem(reply, { status: 404, code: 'not_found', message });
  });
  return page;
}
