import { type Field, MESSAGES, type MessageName, wireType } from './schema.ts';

/** A field as the writer of OTLP/JSON needs it. */
export interface FieldLayout extends Field {
  /** Its place among the fields of the message. */
  index: number;
  wire: 0 | 1 | 2 | 5;
  /** The name as it stands in JSON, with quotes and colon. */
  label: string;
}

/** The fields of one message: in the order of the schema, and by tag. */
export interface MessageLayout {
  fields: readonly FieldLayout[];
  /** Index in `fields` plus one by tag, 0 for what is unknown; every known OTLP tag is below 256. */
  byTag: Uint8Array;
}

const PACKED_WIRE = 2;

function layoutOf(name: MessageName): MessageLayout {
  const byTag = new Uint8Array(256);
  const fields = MESSAGES[name].map((field, index): FieldLayout => {
    const wire = wireType(field.kind);
    byTag[(field.number << 3) | wire] = index + 1;
    if (field.repeated) byTag[(field.number << 3) | PACKED_WIRE] = index + 1;
    return { ...field, index, wire, label: `"${field.name}":` };
  });
  return { fields, byTag };
}

const LAYOUTS = new Map(
  (Object.keys(MESSAGES) as MessageName[]).map((name) => [name, layoutOf(name)] as const),
);

/** How a message lies on the wire and in JSON. */
export function messageLayout(name: MessageName): MessageLayout {
  return LAYOUTS.get(name)!;
}

/** Where the values of each field of one message are. */
export interface Places {
  /** By the index of the field: start and end of each value; packed values are one range. */
  ranges: (number[] | undefined)[];
  /** By the word of a oneof: the index of the member that came last, which is the one that counts. */
  chosen: Map<string, number>;
}
