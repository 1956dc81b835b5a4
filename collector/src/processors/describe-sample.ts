import type { ProcessorSection } from '#core/processor-description.ts';
import type { SampleConfig } from './sample/config.ts';

/** The section `sample`: what is dropped, and what is kept in part. */
export function describeSample(config: SampleConfig): ProcessorSection {
  const { drop, drop_health_checks, drop_static_files, logs, rate_limits } = config;
  const parts = [
    ...(drop_health_checks ? ['health checks are dropped'] : []),
    ...(drop_static_files ? ['static files are dropped'] : []),
    ...(drop.length > 0
      ? [`${many(drop.length, 'drop rule')}: ${drop.map(({ name }) => name).join(', ')}`]
      : []),
    ...describeTraces(config.traces),
    ...(logs.rules.some(({ ratio }) => ratio < 1) ? [`${many(logs.rules.length, 'rule')} for logs`] : []),
    ...(rate_limits.length > 0 ? [many(rate_limits.length, 'rate limit')] : []),
  ];
  return {
    processor: 'sample',
    title: 'Dropping and sampling',
    isOn: parts.length > 0,
    summary: parts.length > 0 ? parts.join('; ') : 'everything is kept',
  };
}

function describeTraces({
  keep_errors,
  keep_llm,
  keep_slow_ms,
  ratio,
  services,
}: SampleConfig['traces']): string[] {
  const isPartial = ratio < 1;
  const others = services.filter((service) => service.ratio !== ratio).length;
  if (!isPartial && others === 0) return [];
  const kept = [
    ...(keep_errors ? ['failed'] : []),
    ...(keep_slow_ms > 0 ? [`took ${keep_slow_ms} ms or longer`] : []),
    ...(keep_llm ? ['called a language model'] : []),
  ];
  const always = kept.length === 0 ? '' : `, and those that ${kept.join(' or ')}`;
  const more = others === 0 ? '' : `; ${many(others, 'other ratio')} for services`;
  return [`${percent(ratio)} of traces are kept${isPartial ? always : ''}${more}`];
}

function percent(ratio: number): string {
  return `${Number((ratio * 100).toPrecision(4))} %`;
}

function many(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
