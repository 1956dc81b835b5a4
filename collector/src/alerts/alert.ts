export type AlertState = 'firing' | 'resolved';

/** Labels or annotations. */
export type Pairs = Readonly<Record<string, string>>;

/** One alert as a notification tells it. Times are nanoseconds since 1970 UTC. */
export interface Notice {
  /** Alertmanager's name for the set of labels; there is one alert at a time for each. */
  fingerprint: string;
  state: AlertState;
  labels: Pairs;
  annotations: Pairs;
  startsUnixNano: bigint;
  /** null when it is not told; without meaning while it fires. */
  endsUnixNano: bigint | null;
  generatorUrl: string;
}

/** A notice whose text is no longer than what is kept. */
export interface BoundNotice extends Notice {
  /** Some of it was longer. */
  isCut: boolean;
}

/** One episode of an alert, from its start to its end, as the book keeps it. */
export interface Alert extends BoundNotice {
  /** null while it fires. */
  endsUnixNano: bigint | null;
  /** When the first and the last notification of it came, by our clock. */
  firstNotifiedUnixNano: bigint;
  lastNotifiedUnixNano: bigint;
  notifications: number;
}

/** Names an episode for good. */
export function alertId({ fingerprint, startsUnixNano }: Notice): string {
  return `${fingerprint}-${startsUnixNano}`;
}

/** The alert that fires as long as the way from the rules to here is whole; its silence is what is bad. */
export function isWatchdog({ labels }: Notice): boolean {
  return labels.alertname === 'Watchdog';
}

/** What stands in the labels and annotations that rules have by convention. Empty where there is none. */
export function describeAlert({ annotations, labels }: Notice) {
  return {
    name: labels.alertname ?? '',
    severity: labels.severity ?? '',
    service: labels.service_name ?? labels.service ?? labels.job ?? '',
    summary: annotations.summary ?? annotations.message ?? annotations.description ?? '',
  };
}
