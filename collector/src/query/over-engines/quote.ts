/** A string literal of TraceQL, LogQL and PromQL, which all read Go's escapes; JSON's are among them. */
export function quote(text: string): string {
  return JSON.stringify(text.toWellFormed());
}

/** `text` as a regular expression (RE2) that matches exactly it. */
export function escapeRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
