/** One section of the configuration, in words. */
export interface ProcessorSection {
  /** Its word in configuration, which counts have too. */
  processor: string;
  title: string;
  /** Whether it can change or drop anything as it is configured. */
  isOn: boolean;
  summary: string;
}

export interface RedactionRule {
  name: string;
  /** What it takes out, for people. */
  title: string;
  /** For services without an exception. */
  isOn: boolean;
}

export type ContentModeName = 'metadata' | 'redacted' | 'full';

/** What the processors do as they are configured. */
export interface ProcessorsDescription {
  sections: ProcessorSection[];
  rules: RedactionRule[];
  contentModes: {
    mode: ContentModeName;
    services: { service: string; mode: ContentModeName }[];
  };
}
