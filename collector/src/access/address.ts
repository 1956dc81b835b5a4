import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';

/** Tells whether an address is in one of several addresses or networks. */
export type AddressCheck = (address: string) => boolean;

const MAX_HOPS = 64;

/** Takes `10.0.0.7`, `10.0.0.0/8`, `fd00::/8`. Throws an Error that names the first one that is none of these. */
export function createAddressCheck(networks: readonly string[]): AddressCheck {
  const list = new BlockList();
  for (const network of networks) add(list, network.trim());
  return (address) => {
    const plain = plainAddress(address);
    const family = isIP(plain);
    return family !== 0 && list.check(plain, family === 6 ? 'ipv6' : 'ipv4');
  };
}

/** An IPv4 address that came over an IPv6 socket is written as IPv4; a zone is left out. */
export function plainAddress(address: string): string {
  const withoutZone = address.replace(/%.*$/, '');
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(withoutZone)?.[1] ?? withoutZone.toLowerCase();
}

/**
 * Whose attempts are counted together: an IPv4 address, or the /64 of an IPv6 address, which is what one host has at
 * its disposal.
 */
export function attemptKey(address: string): string {
  const plain = plainAddress(address);
  if (!isIPv6(plain)) return plain;
  return `${expand(plain).slice(0, 4).join(':')}::/64`;
}

/**
 * The address that a request comes from: of the socket, or, as long as the nearer one is trusted, what it says in
 * X-Forwarded-For. What a stranger wrote there is never believed, since it stands left of what trusted proxies add.
 */
export function clientAddress(
  peer: string,
  forwardedFor: string | undefined,
  isTrusted: AddressCheck,
): string {
  // The right end is what proxies wrote: it counts, however much a stranger puts before it.
  const chain = (forwardedFor ?? '').split(',').slice(-MAX_HOPS);
  let address = plainAddress(peer);
  while (isTrusted(address)) {
    const before = stripPort(chain.pop()?.trim() ?? '');
    if (isIP(before) === 0) break;
    address = plainAddress(before);
  }
  return address;
}

function add(list: BlockList, network: string): void {
  const [address = '', prefix] = network.split('/', 2);
  const family = isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : null;
  const bits = prefix === undefined ? null : Number(prefix);
  const most = family === 'ipv4' ? 32 : 128;
  const isWrong = bits !== null && (!/^\d{1,3}$/.test(prefix!) || bits > most);
  if (family === null || isWrong)
    throw new Error(`${network} is neither an address nor a network such as 10.0.0.0/8`);
  if (bits === null) list.addAddress(address, family);
  else list.addSubnet(address, bits, family);
}

function stripPort(text: string): string {
  return /^\[(.+)\](?::\d+)?$/.exec(text)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text)?.[1] ?? text;
}

/** The eight groups of an IPv6 address, without leading zeros. */
function expand(address: string): string[] {
  const [head = '', tail] = address.split('::', 2);
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  if (tail === undefined) return groups(head).map(trimZeros);
  const [left, right] = [groups(head), groups(tail)];
  const missing = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  return [...left, ...missing, ...right].map(trimZeros);
}

function trimZeros(group: string): string {
  return group.replace(/^0+(?=.)/, '');
}
