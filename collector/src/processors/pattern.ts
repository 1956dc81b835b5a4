/** Whether a text is one of those meant. */
export type Test = (text: string) => boolean;

/** `*` stands for any characters, also none; all else for itself, upper and lower case apart. Linear in the text. */
function compileOne(pattern: string): Test {
  const parts = pattern.split('*');
  if (parts.length === 1) return (text) => text === pattern;
  const first = parts[0]!;
  const last = parts.at(-1)!;
  const inner = parts.slice(1, -1).filter((part) => part !== '');
  return (text) => {
    if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
      return false;
    const end = text.length - last.length;
    let at = first.length;
    for (const part of inner) {
      const found = text.indexOf(part, at);
      if (found < 0 || found + part.length > end) return false;
      at = found + part.length;
    }
    return true;
  };
}

/** A test for one pattern or any of a list. */
export function compilePatterns(patterns: string | readonly string[]): Test {
  const list = typeof patterns === 'string' ? [patterns] : patterns;
  const exact = new Set(list.filter((pattern) => !pattern.includes('*')));
  const others = list.filter((pattern) => pattern.includes('*')).map(compileOne);
  return (text) => exact.has(text) || others.some((test) => test(text));
}

/** As `compilePatterns`; without any, null. */
export function compileOptional(patterns: string | readonly string[] | undefined): Test | null {
  return patterns === undefined ? null : compilePatterns(patterns);
}
