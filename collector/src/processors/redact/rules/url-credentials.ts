import type { Found, Rule, TextRange } from '../rule.ts';
import {
  ALNUM,
  byteAt,
  contextBefore,
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
const NETWORKS = ['@tcp(', '@unix('] as const;
const NETWORK_MAX_BYTES = 128;
const ORACLE_ANCHOR = 'jdbc:oracle:';
const ORACLE =
  /^(?<before>jdbc:oracle:(?:thin|oci8?):[\w$#."-]{1,64}\/)(?<password>"[^"\r\n]{1,64}"|[^\s"'@]{1,64})@/;
const ORACLE_MAX_BYTES = 200;
const SCHEME = { mask: ALNUM | DOT | DASH, max: 32 };
const ANCHOR_MAX_BYTES = 9;
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

/** A token that stands alone has digits and letters and is longer than a name. */
const LONE_TOKEN = /^(?=(?:[\w.~%-]*\d){2})(?=[\w.~%-]*[A-Za-z])[\w.~%-]{20,256}$/;

interface Userinfo {
  start: number;
  /** Where the user name ends. */
  colon: number;
  at: number;
}

/** Whether the byte ends an address, wherever it is. */
function endsAddress(byte: number): boolean {
  return byte <= 0x20 || byte === 0x22 || byte === 0x27 || byte === 0x3c || byte === 0x3e || byte === 0x60;
}

/** Whether the colon at `at` belongs to another address that begins here. */
function opensAddress(text: TextRange, at: number): boolean {
  const next = byteAt(text, at + 1);
  return (next === 0x2f || next === 0x5c) && byteAt(text, at + 2) === 0x2f;
}

/** Whether there is an `@` in the address that the anchor opens: few have one, and all else costs more to look at. */
function hasAt(text: TextRange, anchorAt: number): boolean {
  const limit = Math.min(text.end, anchorAt + ANCHOR_MAX_BYTES + USERINFO_MAX_BYTES);
  for (let at = anchorAt + 1; at < limit; at++) {
    const byte = text.bytes[at]!;
    if (byte === 0x40) return true;
    if (endsAddress(byte) || (byte === 0x3a && opensAddress(text, at))) return false;
  }
  return false;
}

/** The userinfo at `start`: up to the last `@` before the host's end. */
function userinfoAt(text: TextRange, start: number): Userinfo | null {
  const limit = Math.min(text.end, start + USERINFO_MAX_BYTES);
  let colon = -1;
  let first = -1;
  let last = -1;
  for (let at = start; at < limit; at++) {
    const byte = text.bytes[at]!;
    if (endsAddress(byte)) break;
    if (byte === 0x3a) {
      if (opensAddress(text, at)) break;
      if (colon < 0) colon = at;
    }
    if (byte === 0x40) {
      last = at;
      if (first < 0) first = at;
    }
    if (byte !== 0x2f && byte !== 0x3f && byte !== 0x23) continue;
    // `user:p/ss@host`: what follows the colon is no port, so the password has not ended.
    if (last >= 0 || colon < 0 || isPort(text, colon + 1, at)) break;
  }
  if (last < 0) return null;
  if (colon >= 0 && colon < last) return { start, colon, at: last };
  return { start, colon: first, at: first };
}

function isPort(text: TextRange, start: number, end: number): boolean {
  return end - start <= 5 && /^\d*$|^\\$|^\[/.test(latin1(text, start, end));
}

function isPlaceholder(text: TextRange, start: number, end: number): boolean {
  if (isRedactedAt(text, start)) return true;
  const value = latin1(text, start, Math.min(end, start + 64));
  return /^(?:[*x]+|<.*|\[.*|\$?\{.*|%[sv]|\$[A-Z_]+)$/i.test(value);
}

function isLoneToken(text: TextRange, { colon, start }: Userinfo): boolean {
  return LONE_TOKEN.test(latin1(text, start, colon));
}

/** The userinfo after the anchor with a password, or with a token alone; or null. */
function credentialsAfter(text: TextRange, anchorAt: number): Userinfo | null {
  const anchor = ANCHORS.find((candidate) => equalsAt(text, anchorAt, candidate));
  if (!anchor || !isAt(text, anchorAt - 1, ALNUM)) return null;
  // A bracket opens an IPv6 host.
  if (byteAt(text, anchorAt + anchor.length) === 0x5b) return null;
  const userinfo = userinfoAt(text, anchorAt + anchor.length);
  if (!userinfo || latin1(text, userinfo.start, userinfo.at).includes('[redacted:')) return null;
  const host = byteAt(text, userinfo.at + 1);
  if (userinfo.colon + 1 < userinfo.at) {
    return host === 0x2f || isPlaceholder(text, userinfo.colon + 1, userinfo.at) ? null : userinfo;
  }
  const isToken = isAt(text, userinfo.at + 1, ALNUM) && isLoneToken(text, userinfo);
  return isToken ? userinfo : null;
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

function findStore(text: TextRange, anchorAt: number, found: Found): boolean {
  if (!hasAt(text, anchorAt) || !isStore(text, anchorAt)) return false;
  const userinfo = credentialsAfter(text, anchorAt);
  // Who stands alone before a store is a user.
  if (!userinfo || userinfo.colon + 1 >= userinfo.at) return false;
  const user = latin1(text, userinfo.start, userinfo.colon);
  found.start = PLAIN_USER.test(user) ? userinfo.colon + 1 : userinfo.start;
  found.end = userinfo.at;
  return true;
}

/** The first colon of the word that ends at `end` and begins at `limit` or later; -1 for none. */
function firstColon(text: TextRange, limit: number, end: number): number {
  let colon = -1;
  for (let at = end - 1; at >= limit && !endsAddress(text.bytes[at]!); at--) {
    if (text.bytes[at] === 0x3a) colon = at;
  }
  return colon;
}

/** `user:password@tcp(host)`, as Go's driver for MySQL writes it. */
function findBeforeNetwork(text: TextRange, anchorAt: number, found: Found): boolean {
  const limit = Math.max(text.from, anchorAt - NETWORK_MAX_BYTES);
  if (firstColon(text, limit, anchorAt) < 0) return false;
  // What was redacted before is not looked at.
  const seen = contextBefore(text, anchorAt, NETWORK_MAX_BYTES).length;
  const colon = firstColon(text, anchorAt - seen, anchorAt);
  if (colon < 0 || colon + 1 >= anchorAt || isPlaceholder(text, colon + 1, anchorAt)) return false;
  found.start = colon + 1;
  found.end = anchorAt;
  return true;
}

/** `jdbc:oracle:thin:user/password@host`. */
function findOracle(text: TextRange, anchorAt: number, found: Found): boolean {
  const match = ORACLE.exec(latin1(text, anchorAt, anchorAt + ORACLE_MAX_BYTES));
  if (!match) return false;
  found.start = anchorAt + match.groups!.before!.length;
  found.end = found.start + match.groups!.password!.length;
  return !isPlaceholder(text, found.start, found.end) && !match[0].includes('[redacted:');
}

/** Passwords in addresses of databases, caches and queues. */
export const connectionString: Rule = {
  name: 'connection-string',
  title: 'Passwords in connection strings',
  anchors: [...ANCHORS, ...NETWORKS, ORACLE_ANCHOR].map((text) => ({ text })),
  find(text: TextRange, anchorAt: number, found: Found): boolean {
    const first = byteAt(text, anchorAt);
    if (first === 0x40) return findBeforeNetwork(text, anchorAt, found);
    if (first === 0x6a) return findOracle(text, anchorAt, found);
    return findStore(text, anchorAt, found);
  },
};

/** User name and password in any other address. */
export const urlUserinfo: Rule = {
  name: 'url-userinfo',
  title: 'User names and passwords in URLs',
  anchors: ANCHORS.map((text) => ({ text })),
  find(text: TextRange, anchorAt: number, found: Found): boolean {
    if (!hasAt(text, anchorAt) || isStore(text, anchorAt)) return false;
    const userinfo = credentialsAfter(text, anchorAt);
    if (!userinfo) return false;
    found.start = userinfo.start;
    found.end = userinfo.at;
    return true;
  },
};
