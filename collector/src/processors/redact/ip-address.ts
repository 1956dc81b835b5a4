import type { RedactConfig } from './config.ts';
import { markerOf } from './marker.ts';

const IPV4 = /^(\d{1,3}\.){3}\d{1,3}$/;
const MAPPED = /^::ffff:(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}$/i;

/** `198.51.100.0` for `198.51.100.7`, `2001:db8:1::` for an IPv6 address; null for what is no address. */
export function truncateIp(text: string): string | null {
  if (IPV4.test(text)) return `${text.slice(0, text.lastIndexOf('.'))}.0`;
  const mapped = MAPPED.exec(text);
  if (mapped !== null) return `::ffff:${mapped[1]}.0`;
  const url = `http://[${text.split('%')[0]}]`;
  if (!text.includes(':') || !URL.canParse(url)) return null;
  const head = new URL(url).hostname.slice(1, -1).split('::')[0]!;
  const groups = head.split(':').filter((group) => group !== '');
  return `${[...groups, '0', '0', '0'].slice(0, 3).join(':')}::`;
}

/** What stands in the place of an address; the marker for what looks like one and is none. */
export function ipReplacement(
  mode: RedactConfig['ip_addresses'],
  hash: (value: string) => string,
  text: string,
): string {
  return mode === 'hash' ? hash(text) : (truncateIp(text) ?? markerOf('ip'));
}
