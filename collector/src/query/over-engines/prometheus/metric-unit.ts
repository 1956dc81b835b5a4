/** UCUM units by the word that Prometheus' names end with (github.com/prometheus/otlptranslator v1, unitMap). */
const UNITS: Readonly<Record<string, string>> = {
  days: 'd',
  hours: 'h',
  minutes: 'min',
  seconds: 's',
  milliseconds: 'ms',
  microseconds: 'us',
  nanoseconds: 'ns',
  bytes: 'By',
  kibibytes: 'KiBy',
  mebibytes: 'MiBy',
  gibibytes: 'GiBy',
  tebibytes: 'TiBy',
  kilobytes: 'KBy',
  megabytes: 'MBy',
  gigabytes: 'GBy',
  terabytes: 'TBy',
  meters: 'm',
  volts: 'V',
  amperes: 'A',
  joules: 'J',
  watts: 'W',
  grams: 'g',
  celsius: 'Cel',
  hertz: 'Hz',
  percent: '%',
  ratio: '1',
};

const PER_UNITS: Readonly<Record<string, string>> = {
  second: 's',
  minute: 'm',
  hour: 'h',
  day: 'd',
  week: 'w',
  month: 'mo',
  year: 'y',
};

/** The unit that a metric's name tells, `''` when it tells none. */
export function unitOfName(name: string): string {
  const stem = name.replace(/_total$/, '');
  const per = /^(.*)_per_([a-z]+)$/.exec(stem);
  const perUnit = PER_UNITS[per?.[2] ?? ''];
  if (per !== null && perUnit !== undefined) return `${unitOfName(per[1] ?? '') || '1'}/${perUnit}`;
  return UNITS[/_([a-z]+)$/.exec(stem)?.[1] ?? ''] ?? '';
}

/** What Prometheus can append to a sender's name: a unit, what it is per, `_ratio`, `_total`. */
export const NAME_SUFFIX = `(_(${Object.keys(UNITS).join('|')}))?(_per_(${Object.keys(PER_UNITS).join('|')}))?(_total)?`;
