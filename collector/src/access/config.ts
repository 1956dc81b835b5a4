import { type Static, Type } from 'typebox';
import { createAddressCheck } from './address.ts';
import { ROLES } from './principal.ts';

const closed = { additionalProperties: false, default: {} };
const RoleOrNone = Type.Enum([...ROLES, '']);

const session = Type.Object(
  {
    idle_minutes: Type.Integer({
      default: 720,
      minimum: 1,
      maximum: 43_200,
      description: 'A login ends when nothing was asked with it for so long',
    }),
    max_hours: Type.Integer({
      default: 168,
      minimum: 1,
      maximum: 8760,
      description: 'A login ends after so long in any case',
    }),
  },
  closed,
);

const audit = Type.Object(
  {
    max_age_days: Type.Integer({
      default: 365,
      minimum: 1,
      maximum: 36_500,
      description: 'How long the record of who did what is kept; whole months are removed',
    }),
    max_bytes: Type.Integer({
      default: 256 * 1024 * 1024,
      minimum: 1024 * 1024,
      description: 'Bytes on disk of that record; the oldest part goes first',
    }),
  },
  closed,
);

const oidc = Type.Object(
  {
    issuer: Type.String({
      default: '',
      description: 'Address of the OpenID Connect provider, as in its `issuer`; empty: no such login',
    }),
    client_id: Type.String({ default: '', description: 'What the provider calls this Signalbox' }),
    client_secret: Type.String({
      default: '',
      description: 'Its secret at the provider; may be empty (PKCE)',
    }),
    scopes: Type.String({ default: 'openid profile email', description: 'Asked for, separated by spaces' }),
    name_claim: Type.String({
      default: 'preferred_username',
      minLength: 1,
      description: 'Claim with the name; `email` and `sub` are tried after it',
    }),
    role_claim: Type.String({
      default: 'groups',
      minLength: 1,
      description: 'Claim that says the role; dots lead inside, as in realm_access.roles',
    }),
    roles: Type.Array(Type.String({ pattern: '^.+=(viewer|operator|admin)$' }), {
      default: [],
      description: 'What values of that claim mean, as in `sre=admin`; the highest of several counts',
    }),
    default_role: Type.Unsafe<Static<typeof RoleOrNone>>({
      ...RoleOrNone,
      default: '',
      description: 'Role of whoever logs in without such a value; empty: no entry',
    }),
  },
  closed,
);

const proxy = Type.Object(
  {
    trusted_addresses: Type.Array(Type.String({ minLength: 1 }), {
      default: [],
      description:
        'Addresses or networks (10.0.0.0/8) of proxies whose X-Forwarded-For and user headers are believed',
    }),
    user_header: Type.String({
      default: '',
      pattern: "^[-!#$%&'*+.^_`|~0-9A-Za-z]*$",
      description: 'Header in which such a proxy says who has logged in there; empty: none',
    }),
    role_header: Type.String({
      default: '',
      pattern: "^[-!#$%&'*+.^_`|~0-9A-Za-z]*$",
      description: 'Header with groups or roles, separated by commas',
    }),
    roles: Type.Array(Type.String({ pattern: '^.+=(viewer|operator|admin)$' }), {
      default: [],
      description: 'What values of that header mean, as in `sre=admin`',
    }),
    default_role: Type.Unsafe<Static<typeof RoleOrNone>>({
      ...RoleOrNone,
      default: '',
      description: 'Role of whoever comes without such a value; empty: no entry',
    }),
  },
  closed,
);

/** Section `access`: who may look and act. */
export const accessSchema = Type.Object({ session, audit, oidc, proxy }, closed);
export type AccessConfig = Static<typeof accessSchema>;
export type OidcConfig = AccessConfig['oidc'];
export type ProxyConfig = AccessConfig['proxy'];

/** What a schema cannot say. */
export function accessMistakes({ oidc, proxy }: AccessConfig): { path: string; message: string }[] {
  return [...oidcMistakes(oidc), ...proxyMistakes(proxy)];
}

function oidcMistakes({ client_id, issuer }: OidcConfig): { path: string; message: string }[] {
  if (issuer === '') return [];
  const url = URL.canParse(issuer) ? new URL(issuer) : null;
  if (url === null) return [{ path: 'access.oidc.issuer', message: `${issuer} is not an address` }];
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  return [
    ...(url.protocol === 'https:' || (url.protocol === 'http:' && isHere)
      ? []
      : [
          {
            path: 'access.oidc.issuer',
            message: 'must begin with https://: whoever is on the way could log in as anybody',
          },
        ]),
    ...(client_id === ''
      ? [{ path: 'access.oidc.client_id', message: 'is missing: the provider must know this Signalbox' }]
      : []),
  ];
}

function proxyMistakes({ trusted_addresses, user_header }: ProxyConfig): { path: string; message: string }[] {
  try {
    createAddressCheck(trusted_addresses);
  } catch (error) {
    return [{ path: 'access.proxy.trusted_addresses', message: (error as Error).message }];
  }
  if (user_header === '' || trusted_addresses.length > 0) return [];
  const message = 'needs access.proxy.trusted_addresses: without, nobody would be believed';
  return [{ path: 'access.proxy.user_header', message }];
}
