import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withCsrf } from './with-csrf.ts';

/** A server whose session has the token `current`. */
function serverWith(state: { current: string | null }) {
  const asked: string[] = [];
  const send = withCsrf(async (path, init = {}) => {
    const given = new Headers(init.headers).get('x-signalbox-csrf');
    asked.push(`${init.method ?? 'GET'} ${path} ${given ?? '-'}`);
    if (path === '/api/v1/session') {
      return state.current === null
        ? new Response('', { status: 401 })
        : new Response(JSON.stringify({ csrf: state.current }));
    }
    if ((init.method ?? 'GET') === 'GET' || path === '/login' || given === state.current)
      return new Response('{}');
    return new Response(JSON.stringify({ error: { code: 'csrf' } }), { status: 403 });
  });
  return { asked, send };
}

test('what only reads, and the login, go out as they are', async () => {
  const { asked, send } = serverWith({ current: 'a' });
  await send('/api/v1/logs');
  await send('/login', { method: 'POST' });
  assert.deepEqual(asked, ['GET /api/v1/logs -', 'POST /login -']);
});

test('what changes something carries the token of the session, which is asked for once', async () => {
  const { asked, send } = serverWith({ current: 'a' });
  await send('/api/v1/people', { method: 'POST', headers: { accept: 'application/json' } });
  await send('/api/v1/people/ann', { method: 'DELETE' });
  assert.deepEqual(asked, ['GET /api/v1/session -', 'POST /api/v1/people a', 'DELETE /api/v1/people/ann a']);
});

test('after another login the token is asked for again, and what was refused is sent once more', async () => {
  const state = { current: 'a' };
  const { asked, send } = serverWith(state);
  await send('/api/v1/people', { method: 'POST' });
  state.current = 'b';
  assert.equal((await send('/api/v1/people', { method: 'POST' })).status, 200);
  assert.deepEqual(asked.slice(2), [
    'POST /api/v1/people a',
    'GET /api/v1/session -',
    'POST /api/v1/people b',
  ]);
});

test('after a change of the session, as another password, the token is asked for before it is refused', async () => {
  const { asked, send } = serverWith({ current: 'a' });
  await send('/api/v1/session/password', { method: 'POST' });
  await send('/api/v1/people', { method: 'POST' });
  assert.deepEqual(asked.slice(2), ['GET /api/v1/session -', 'POST /api/v1/people a']);
});

test('a refusal for another reason is not tried again', async () => {
  const asked: string[] = [];
  const send = withCsrf(async (path) => {
    asked.push(path);
    return path === '/api/v1/session'
      ? new Response('{"csrf":"a"}')
      : new Response('{"error":{"code":"forbidden"}}', { status: 403 });
  });
  assert.equal((await send('/api/v1/people', { method: 'POST' })).status, 403);
  assert.equal(asked.length, 2);
});

test('without a session the request goes out all the same, and its answer says what is missing', async () => {
  const { asked, send } = serverWith({ current: null });
  await send('/api/v1/people', { method: 'POST' });
  assert.equal(asked[1], 'POST /api/v1/people -');
});
