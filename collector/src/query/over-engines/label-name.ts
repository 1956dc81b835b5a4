/**
 * The label that Loki and Prometheus make of an attribute's key: every run of other characters than letters and
 * digits becomes one `_`, and a name that begins with a digit gets `key_` in front (github.com/prometheus/
 * otlptranslator v1, LabelNamer, which both use). Null when nothing but `_` is left: such an attribute is not kept.
 */
export function labelName(key: string): string | null {
  const reserved = /^__(.*)__$/s.exec(key);
  const name = (reserved?.[1] ?? key).replaceAll(/[^A-Za-z0-9]+/g, '_');
  if (reserved !== null) return `__${name}__`;
  if (/^_*$/.test(name)) return null;
  return /^\d/.test(name) ? `key_${name}` : name;
}
