import type { Alert } from '#api/schemas/alerts.ts';

export interface AlertLink {
  label: string;
  href: string;
}

/** Annotations that have a name for what they lead to, by the conventions of Prometheus's mixins. */
const NAMES: Readonly<Record<string, string>> = {
  runbook_url: 'Runbook',
  runbook: 'Runbook',
  dashboard_url: 'Dashboard',
  dashboard: 'Dashboard',
};
const MAX_LINKS = 8;

/** Where an alert leads: its annotations that are addresses, runbooks first, and its rule. Only http and https. */
export function alertLinks({
  annotations,
  generatorUrl,
}: Pick<Alert, 'annotations' | 'generatorUrl'>): AlertLink[] {
  const known = Object.keys(NAMES).filter((name) => name in annotations);
  const others = Object.keys(annotations).filter((name) => !(name in NAMES));
  const links = [...known, ...others.sort()].map((name) => ({
    label: NAMES[name] ?? name,
    href: annotations[name] ?? '',
  }));
  return [...links, { label: 'Rule', href: generatorUrl }]
    .filter(({ href }) => isWebAddress(href))
    .slice(0, MAX_LINKS);
}

/** What was cut has a mark with spaces in it, and leads nowhere. */
function isWebAddress(text: string): boolean {
  return /^https?:\/\/\S+$/i.test(text) && URL.canParse(text);
}
