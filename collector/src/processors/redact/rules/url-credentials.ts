import type { Found, Rule, TextRange } from '../rule.ts';
import {
  ALNUM,
  byteAt,
  DASH,
  DOT,
  equalsAt,
  isAt,
  isRedactedAt,
  LETTER,
  latin1,
  runStartWithin,
} from './bytes.ts';

const ANCHORS = ['://', ':\\/\\/', '%3A%2F%2F'] as const;
const SCHEME = { mask: ALNUM | DOT | DASH, max: 32 };
const USERINFO_MAX_BYTES = 512;
/** Schemes whose address is known as a connection string, before any `+driver`. */
const STORES = new Set(
  (
    'postgres postgresql mysql mysqlx mariadb mongodb mssql sqlserver oracle redis rediss valkey amqp amqps ' +
    'nats kafka clickhouse cockroachdb couchbase couchdb neo4j bolt cassandra jdbc jtds db2 ldap ldaps ' +
    'elasticsearch memcached snowflake trino presto hive sqlite tds firebird influxdb mqtt mqtts stomp'
  ).split(' '),
);

/** A name that stays; anything else before the colon may be an address or a key of its own. */
const PLAIN_USER = /^[a-z_.-]{0,32}\d{0,6}[a-z_.-]{0,16}$/i;

interface Userinfo {
  start: number;
  colon: number;
  at: number;
}

/** Whether the byte ends an address, wherever it is. */
function endsAddress(byte: number): boolean {
  return byte <= 0x20 || byte === 0x22 || byte === 0x27 || byte === 0x3c || byte === 0x3e || byte === 0x60;
}

/** The userinfo at `start`: up to the last `@` before the host's end. */
function userinfoAt(text: TextRange, start: number): Userinfo | null {
  const limit = Math.min(text.end, start + USERINFO_MAX_BYTES);
  let colon = -1;
  let last = -1;
  for (let at = start; at < limit; at++) {
    const byte = text.bytes[at]!;
    if (endsAddress(byte)) break;
    if (byte === 0x3a && colon < 0) colon = at;
    if (byte === 0x40) last = at;
    if (byte !== 0x2f && byte !== 0x3f && byte !== 0x23) continue;
    // `user:p/ss@host`: what follows the colon is no port, so the password has not ended.
    if (last >= 0 || colon < 0 || isPort(text, colon + 1, at)) break;
  }
  return last > colon && colon >= start && last > colon + 1 ? { start, colon, at: last } : null;
}

function isPort(text: TextRange, start: number, end: number): boolean {
  return end - start <= 5 && /^\d*$|^\\$|^\[/.test(latin1(text, start, end));
}

function isPlaceholder(text: TextRange, start: number, end: number): boolean {
  if (isRedactedAt(text, start)) return true;
  const value = latin1(text, start, Math.min(end, start + 64));
  return /^(?:[*x]+|<.*|\[.*|\$?\{.*|%[sv]|\$[A-Z_]+)$/i.test(value);
}

/** The userinfo with a password after the anchor, or null. */
function credentialsAfter(text: TextRange, anchorAt: number): Userinfo | null {
  const anchor = ANCHORS.find((candidate) => equalsAt(text, anchorAt, candidate));
  if (!anchor || !isAt(text, anchorAt - 1, ALNUM)) return null;
  // A bracket opens an IPv6 host.
  if (byteAt(text, anchorAt + anchor.length) === 0x5b) return null;
  const userinfo = userinfoAt(text, anchorAt + anchor.length);
  if (!userinfo || latin1(text, userinfo.start, userinfo.at).includes('[redacted:')) return null;
  if (byteAt(text, userinfo.at + 1) === 0x2f) return null;
  return isPlaceholder(text, userinfo.colon + 1, userinfo.at) ? null : userinfo;
}

function isStore(text: TextRange, anchorAt: number): boolean {
  const run = { ...SCHEME };
  let end = anchorAt;
  let start = runStartWithin(text, end, run);
  if (byteAt(text, start - 1) === 0x2b) {
    end = start - 1;
    start = runStartWithin(text, end, run);
  }
  while (start < end && !isAt(text, start, LETTER)) start++;
  return STORES.has(latin1(text, start, end).toLowerCase());
}

/** Passwords in addresses of databases, caches and queues. */
export const connectionString: Rule = {
  name: 'connection-string',
  title: 'Passwords in connection strings',
  anchors: ANCHORS.map((text) => ({ text })),
  find(text: TextRange, anchorAt: number, found: Found): boolean {
    const userinfo = credentialsAfter(text, anchorAt);
    if (!userinfo || !isStore(text, anchorAt)) return false;
    const user = latin1(text, userinfo.start, userinfo.colon);
    found.start = PLAIN_USER.test(user) ? userinfo.colon + 1 : userinfo.start;
    found.end = userinfo.at;
    return true;
  },
};

/** User name and password in any other address. */
export const urlUserinfo: Rule = {
  name: 'url-userinfo',
  title: 'User names and passwords in URLs',
  anchors: ANCHORS.map((text) => ({ text })),
  find(text: TextRange, anchorAt: number, found: Found): boolean {
    const userinfo = credentialsAfter(text, anchorAt);
    if (!userinfo || isStore(text, anchorAt)) return false;
    found.start = userinfo.start;
    found.end = userinfo.at;
    return true;
  },
};
