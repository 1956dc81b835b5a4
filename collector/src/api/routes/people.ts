import type { Access } from '#access/access.ts';
import type { UserRecord } from '#access/people-file.ts';
import { noteForAudit } from '../audit-notes.ts';
import { ApiError, NoContent } from '../schemas/common.ts';
import { ChangePersonBody, NewPersonBody, PeopleResponse, Person, PersonParams } from '../schemas/people.ts';
import { EndedResponse } from '../schemas/session.ts';
import { toRfc3339 } from '../time.ts';
import type { Api } from './context.ts';

/** `/api/v1/people`: named users; for admins. */
export function peopleRoutes(api: Api, { access }: { access: Access }): void {
  const { sessions, users } = access;
  api.get(
    '/api/v1/people',
    { schema: { summary: 'Named users', response: { 200: PeopleResponse } } },
    async () => ({ people: users.list().map(describePerson) }),
  );
  api.post(
    '/api/v1/people',
    {
      schema: {
        summary: 'Adds a user',
        body: NewPersonBody,
        response: { 201: Person, 400: ApiError, 409: ApiError },
      },
    },
    async (request, reply) => {
      noteForAudit(request, { target: request.body.name });
      return reply.code(201).send(describePerson(await users.add(request.body)));
    },
  );
  api.patch(
    '/api/v1/people/:name',
    {
      schema: {
        summary: 'Changes role, password or state of a user, and ends their sessions',
        params: PersonParams,
        body: ChangePersonBody,
        response: { 200: Person, 400: ApiError, 404: ApiError },
      },
    },
    async (request) => {
      const changed = Object.keys(request.body).sort().join(', ');
      noteForAudit(request, { target: `${request.params.name} (${changed})` });
      return describePerson(await users.change(request.params.name, request.body));
    },
  );
  api.delete(
    '/api/v1/people/:name',
    {
      schema: {
        summary: 'Removes a user and ends their sessions',
        params: PersonParams,
        response: { 204: NoContent, 404: ApiError },
      },
    },
    async ({ params }, reply) => {
      await users.remove(params.name);
      return reply.code(204).send(null);
    },
  );
  api.delete(
    '/api/v1/people/:name/sessions',
    {
      schema: {
        summary: 'Logs a user out everywhere',
        params: PersonParams,
        response: { 200: EndedResponse },
      },
    },
    async ({ params }) => ({ ended: await sessions.endAll(({ name }) => name === params.name) }),
  );
}

function describePerson({ changedUnixMs, createdUnixMs, isDisabled, name, role }: UserRecord): Person {
  return { name, role, isDisabled, createdAt: toRfc3339(createdUnixMs), changedAt: toRfc3339(changedUnixMs) };
}
