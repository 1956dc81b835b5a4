import type { AddressCheck } from './address.ts';
import type { ProxyConfig } from './config.ts';
import type { Principal } from './principal.ts';
import { createRoleOf } from './roles.ts';

const NAME = /^[^\p{Cc}]{1,128}$/u;

/** Who a trusted proxy says is there. Headers are asked for by their name in lower case. */
export type ProxyUser = (peer: string, header: (name: string) => string | undefined) => Principal | null;

/** null for everybody unless a header is configured and the socket's peer is one of the trusted addresses. */
export function createProxyUser(config: ProxyConfig, isTrusted: AddressCheck): ProxyUser {
  const userHeader = config.user_header.toLowerCase();
  const roleHeader = config.role_header.toLowerCase();
  const roleOf = createRoleOf(config.roles, config.default_role);
  return (peer, header) => {
    if (userHeader === '' || !isTrusted(peer)) return null;
    const name = header(userHeader)?.trim() ?? '';
    if (!NAME.test(name)) return null;
    const role = roleOf(roleHeader === '' ? [] : (header(roleHeader) ?? '').split(',', 100));
    return role === null ? null : { kind: 'proxy', name, role, scopes: [] };
  };
}
