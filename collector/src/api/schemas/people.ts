import { type Static, Type } from 'typebox';
import { Rfc3339Utc } from './common.ts';
import { RoleName } from './session.ts';

export const Person = Type.Object({
  name: Type.String(),
  role: RoleName,
  isDisabled: Type.Boolean(),
  createdAt: Rfc3339Utc,
  changedAt: Rfc3339Utc,
});
export type Person = Static<typeof Person>;

export const PeopleResponse = Type.Object({ people: Type.Array(Person) });
export type PeopleResponse = Static<typeof PeopleResponse>;

const Password = Type.String({
  maxLength: 1024,
  description: '12 to 256 characters, without the name, and none of the most common ones',
});

export const NewPersonBody = Type.Object(
  {
    name: Type.String({ maxLength: 256, description: '1 to 64 of a-z, 0-9, ".", "_", "-" and "@"' }),
    role: RoleName,
    password: Password,
  },
  { additionalProperties: false },
);
export type NewPersonBody = Static<typeof NewPersonBody>;

/** What is left out stays. Each change ends the sessions of the user. */
export const ChangePersonBody = Type.Object(
  {
    role: Type.Optional(RoleName),
    isDisabled: Type.Optional(Type.Boolean()),
    password: Type.Optional(Password),
  },
  { additionalProperties: false, minProperties: 1 },
);
export type ChangePersonBody = Static<typeof ChangePersonBody>;

export const PersonParams = Type.Object({ name: Type.String() });
