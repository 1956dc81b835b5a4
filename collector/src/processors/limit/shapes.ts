import { type Field, MESSAGES, type MessageName, wireType } from '#otlp/schema.ts';
import { CROWD } from '#otlp/spots.ts';
import type { LimitConfig } from './config.ts';
import type { LimitName } from './counts.ts';

/** Members of one kind in a message, such as the events of a span. */
export interface Member {
  tag: number;
  limit: LimitName;
  most: number;
  /** Tag of the field that says how many the sender dropped; 0 when there is none. */
  droppedTag: number;
  isAttributes: boolean;
}

/** What the limits say of one kind of message. */
export interface Shape {
  members: readonly Member[];
  /** By tag: what a field is. */
  roles: Uint8Array;
  /** Most bytes of members together. */
  mostBytes: number;
  protectedKeys: readonly Uint8Array[];
}

/** In `Shape.roles`; from `member` on the place in `members`, from `dropped` on the place of what it counts. */
export const ROLE = { unknown: 0, single: 1, numbers: 2, member: 16, dropped: 32 } as const;

const NAMES: Readonly<Record<number, MessageName>> = {
  [CROWD.other]: 'Metric',
  [CROWD.resource]: 'Resource',
  [CROWD.scope]: 'InstrumentationScope',
  [CROWD.span]: 'Span',
  [CROWD.logRecord]: 'LogRecord',
  [CROWD.numberPoint]: 'NumberDataPoint',
  [CROWD.histogramPoint]: 'HistogramDataPoint',
  [CROWD.exponentialPoint]: 'ExponentialHistogramDataPoint',
  [CROWD.summaryPoint]: 'SummaryDataPoint',
  [CROWD.event]: 'Event',
  [CROWD.link]: 'Link',
  [CROWD.exemplar]: 'Exemplar',
};

const LIMITS: Readonly<Record<string, { limit: LimitName; setting: keyof LimitConfig }>> = {
  attributes: { limit: 'attributes', setting: 'max_attributes' },
  filteredAttributes: { limit: 'attributes', setting: 'max_attributes' },
  metadata: { limit: 'attributes', setting: 'max_attributes' },
  events: { limit: 'events', setting: 'max_events' },
  links: { limit: 'links', setting: 'max_links' },
  exemplars: { limit: 'exemplars', setting: 'max_exemplars' },
  entityRefs: { limit: 'entity_refs', setting: 'max_entity_refs' },
  quantileValues: { limit: 'list', setting: 'max_list_values' },
};

/** They say whose telemetry it is: without them a service's data would be that of another. */
const RESOURCE_KEYS = [
  'service.name',
  'service.namespace',
  'service.instance.id',
  'deployment.environment.name',
  'telemetry.sdk.name',
  'telemetry.sdk.language',
  'telemetry.sdk.version',
];

/** Attributes in which `timeEdits` keeps a time that it replaced. */
export const ORIGINAL_KEYS = {
  time: 'signalbox.original_time_unix_nano',
  end: 'signalbox.original_end_time_unix_nano',
  observed: 'signalbox.original_observed_time_unix_nano',
} as const;

const tagOf = (field: Field) => (field.number << 3) | wireType(field.kind);

function memberOf(field: Field, fields: readonly Field[], config: LimitConfig): Member {
  const { limit, setting } = LIMITS[field.name]!;
  const capitalised = field.name[0]!.toUpperCase() + field.name.slice(1);
  const dropped = fields.find(({ name }) => name === `dropped${capitalised}Count`);
  return {
    tag: tagOf(field),
    limit,
    most: config[setting],
    droppedTag: dropped === undefined ? 0 : tagOf(dropped),
    isAttributes: limit === 'attributes',
  };
}

function rolesOf(fields: readonly Field[], members: readonly Member[]): Uint8Array {
  const roles = new Uint8Array(256);
  for (const field of fields) {
    const tag = tagOf(field);
    roles[tag] = field.repeated ? ROLE.numbers : ROLE.single;
    // Repeated numbers come packed too.
    if (field.repeated) roles[(field.number << 3) | 2] = ROLE.numbers;
  }
  members.forEach((member, index) => {
    roles[member.tag] = ROLE.member + index;
    if (member.droppedTag !== 0) roles[member.droppedTag] = ROLE.dropped + index;
  });
  return roles;
}

function shapeOf(name: MessageName, config: LimitConfig): Shape {
  const fields = MESSAGES[name];
  const members = fields
    .filter((field) => field.name in LIMITS)
    .map((field) => memberOf(field, fields, config));
  const isResource = name === 'Resource' || name === 'InstrumentationScope';
  const keys = isResource ? RESOURCE_KEYS : Object.values(ORIGINAL_KEYS);
  return {
    members,
    roles: rolesOf(fields, members),
    mostBytes: isResource ? config.max_resource_bytes : config.max_attributes_bytes,
    protectedKeys: keys.map((key) => Buffer.from(key)),
  };
}

/** What the limits say of messages, by CROWD of otlp/spots.ts; nothing for lists. */
export function createShapes(config: LimitConfig): readonly (Shape | undefined)[] {
  const shapes: (Shape | undefined)[] = Object.values(CROWD).map(() => undefined);
  for (const [crowd, name] of Object.entries(NAMES)) shapes[Number(crowd)] = shapeOf(name, config);
  return shapes;
}

/**
 * When the pass over a request has to raise a `crowd` spot, by CROWD: for a message with more repeated members, all
 * kinds of members together, than `members`, or with a content of more than `bytes`.
 */
export function crowdThresholds(config: LimitConfig): { members: number[]; bytes: number[] } {
  const shapes = createShapes(config);
  return {
    members: shapes.map((shape) =>
      shape === undefined ? config.max_list_values : Math.min(...shape.members.map(({ most }) => most)),
    ),
    // A metric's size is that of its points.
    bytes: shapes.map((shape, crowd) =>
      shape === undefined || crowd === CROWD.other ? Number.POSITIVE_INFINITY : shape.mostBytes,
    ),
  };
}
