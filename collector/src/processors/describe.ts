import type { ProcessorSection, ProcessorsDescription } from '#core/processor-description.ts';
import type { ProcessorsConfig } from './config.ts';
import { describeRedact, describeRules } from './describe-redact.ts';
import { describeSample } from './describe-sample.ts';
import type { EnrichConfig } from './enrich/config.ts';
import { parseAttributes } from './enrich/parse-attributes.ts';
import type { LimitConfig } from './limit/config.ts';

/** What the processors do as they are configured, in words and in the order in which telemetry meets them; pure. */
export function describeProcessors(config: ProcessorsConfig): ProcessorsDescription {
  const { mode, services } = config.content;
  return {
    sections: [
      describeContent(config),
      describeRedact(config.redact),
      describeEnrich(config.enrich),
      describeLimit(config.limit),
      describeSample(config.sample),
    ],
    rules: describeRules(config.redact),
    contentModes: { mode, services: services.map(({ service, mode: own }) => ({ service, mode: own })) },
  };
}

const MODES = {
  metadata: 'prompts, answers, arguments of tools and bodies are taken out',
  redacted: 'prompts, answers, arguments of tools and bodies stay, without what redaction finds in them',
  full: 'prompts, answers, arguments of tools and bodies stay as they came, with any secrets in them',
};

function describeContent({ content, redact }: ProcessorsConfig): ProcessorSection {
  const { mode, services } = content;
  const modes = [mode, ...services.map((service) => service.mode)];
  const count = services.length;
  const more =
    count === 0 ? '' : `; ${count === 1 ? '1 service has' : `${count} services have`} a mode of their own`;
  return {
    processor: 'content',
    title: 'Content',
    isOn: modes.includes('metadata') || (redact.enabled && modes.includes('redacted')),
    summary: `${MODES[mode]}${more}`,
  };
}

function describeEnrich(config: EnrichConfig): ProcessorSection {
  const { attributes } = parseAttributes(config);
  const keys = attributes.map(({ key }) => key);
  const parts = [
    ...(keys.length > 0 ? [`resources that lack ${keys.join(', ')} get what is configured`] : []),
    ...(config.unknown_service ? ['what comes without a service gets the service unknown_service'] : []),
  ];
  return {
    processor: 'enrich',
    title: 'Enrichment',
    isOn: parts.length > 0,
    summary: parts.length > 0 ? parts.join('; ') : 'nothing is added',
  };
}

function describeLimit(config: LimitConfig): ProcessorSection {
  const { max_attributes, max_series_per_metric, max_value_bytes } = config;
  const what = [
    `values of ${max_value_bytes.toLocaleString('en-US')} bytes`,
    `${max_attributes} attributes an item`,
    `${max_series_per_metric.toLocaleString('en-US')} attribute sets a metric`,
  ];
  return {
    processor: 'limit',
    title: 'Limits',
    isOn: true,
    summary: `up to ${what.join(', ')}; what is beyond is cut or merged, and marked`,
  };
}
