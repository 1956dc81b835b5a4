/** Any origin will do: it only has to come out as it went in. */
const HERE = 'http://signalbox.invalid';

/** Where to go after a login: `path` when it is one of this Signalbox, else the start page. Never leads elsewhere. */
export function ownPath(path: string | undefined): string {
  // Browsers read `\` as `/`, and drop tabs and line breaks (URL Standard, "basic URL parser").
  if (path === undefined || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(path) || !URL.canParse(path, HERE)) return '/';
  const { hash, origin, pathname, search } = new URL(path, HERE);
  if (origin !== HERE || pathname.startsWith('//') || pathname === '/login' || pathname.startsWith('/login/'))
    return '/';
  return `${pathname}${search}${hash}`;
}
