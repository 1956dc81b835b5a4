/** A cookie of ours, as browsers are told to keep it. */
export interface Cookie {
  name: string;
  value: string;
  maxAgeSeconds: number;
  /** Lax where a browser must send it when it comes from the page of a login provider. */
  sameSite: 'Strict' | 'Lax';
}

/**
 * Over TLS `__Host-`, which no other host of the domain can set (RFC 6265bis, 4.1.3.2), and never over plain HTTP. A
 * request over TLS is not believed a cookie without that prefix.
 */
export function cookieName(name: string, isSecure: boolean): string {
  return isSecure ? `__Host-${name}` : name;
}

/** The value of `Set-Cookie`. Scripts of the page cannot read it. */
export function writeCookie({ maxAgeSeconds, name, sameSite, value }: Cookie, isSecure: boolean): string {
  const secure = isSecure ? '; Secure' : '';
  return `${cookieName(name, isSecure)}=${value}; Path=/; HttpOnly; SameSite=${sameSite}; Max-Age=${maxAgeSeconds}${secure}`;
}

/** Makes a browser forget it. */
export function endCookie(name: string, isSecure: boolean): string {
  return writeCookie({ name, value: '', maxAgeSeconds: 0, sameSite: 'Strict' }, isSecure);
}

/** The value in a `Cookie` header; undefined without, and when it is there more than once, since one may be planted. */
export function readCookie(header: string, name: string): string | undefined {
  const values = header
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${name}=`));
  return values.length === 1 ? values[0]!.slice(name.length + 1) : undefined;
}
