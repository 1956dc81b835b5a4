import type { ComponentChildren } from 'preact';
import type { ProcessorSection, ProcessorsResponse } from '#api/schemas/processors.ts';
import { Icon } from '../widgets/icon.tsx';
import { ServiceName } from '../widgets/service-name.tsx';

/** What each processor does as it is configured, and how content is treated for whom. */
export function SectionList({ report: { contentModes, sections } }: { report: ProcessorsResponse }) {
  return (
    <div class="data-section">
      <h2 class="section-title" id="sections-title">
        How they are configured <span class="muted">in the order in which telemetry meets them</span>
      </h2>
      <dl class="processor-sections" aria-labelledby="sections-title">
        {sections.map((section) => (
          <Section key={section.processor} section={section}>
            {section.processor === 'content' && <ContentModes modes={contentModes} />}
          </Section>
        ))}
      </dl>
    </div>
  );
}

interface SectionProps {
  section: ProcessorSection;
  children: ComponentChildren;
}

function Section({ section: { isOn, processor, summary, title }, children }: SectionProps) {
  return (
    <div data-testid="processor-section" data-processor={processor} data-on={isOn}>
      <dt>
        <OnOff isOn={isOn} />
        <span class="strong">{title}</span> <code class="muted">{processor}</code>
      </dt>
      <dd>
        {summary}
        {children}
      </dd>
    </div>
  );
}

function ContentModes({ modes: { mode, services } }: { modes: ProcessorsResponse['contentModes'] }) {
  return (
    <ul class="content-modes" data-testid="content-modes">
      <li>
        all services <span class="tag">{mode}</span>
      </li>
      {services.map((one) => (
        <li key={one.service}>
          <ServiceName service={one.service} /> <span class="tag">{one.mode}</span>
        </li>
      ))}
    </ul>
  );
}

/** A mark and a word, so that colour is not all there is. */
export function OnOff({ isOn }: { isOn: boolean }) {
  return (
    <span class={`on-off ${isOn ? 'is-on' : 'is-off'}`}>
      <Icon name={isOn ? 'check' : 'close'} />
      {isOn ? 'on' : 'off'}
    </span>
  );
}
