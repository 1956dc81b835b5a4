import protobuf from 'protobufjs';

const PROTO = `
syntax = "proto3";
package google.rpc;
message Any { string type_url = 1; bytes value = 2; }
message Duration { int64 seconds = 1; int32 nanos = 2; }
message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
message RetryInfo { Duration retry_delay = 1; }
message BadRequest {
  message FieldViolation { string field = 1; string description = 2; }
  repeated FieldViolation field_violations = 1;
}
`;

const { root } = protobuf.parse(PROTO);

/** A `google.rpc.Status` with those of its details that OTLP speaks of. */
export interface Status {
  code: number;
  message: string;
  retryInfo: boolean;
  badRequest: boolean;
}

interface StatusJson {
  code?: number;
  message?: string;
  details?: { typeUrl?: string; '@type'?: string; value?: string }[];
}

function decode(name: string, bytes: Uint8Array): StatusJson {
  return root.lookupType(`google.rpc.${name}`).decode(bytes).toJSON() as StatusJson;
}

/** Reads the protobuf form with protobufjs. Throws when the bytes are no Status, or a detail is not what it says. */
export function readStatus(bytes: Uint8Array): Status {
  const { code = 0, message = '', details = [] } = decode('Status', bytes);
  const has = (type: string) =>
    details.some(({ typeUrl }) => typeUrl === `type.googleapis.com/google.rpc.${type}`);
  for (const { typeUrl = '', value = '' } of details) {
    const type = typeUrl.slice(typeUrl.lastIndexOf('.') + 1);
    if (type === 'RetryInfo' || type === 'BadRequest') decode(type, Buffer.from(value, 'base64'));
  }
  return { code, message, retryInfo: has('RetryInfo'), badRequest: has('BadRequest') };
}

/** Reads the JSON form. Throws when the text is no Status. */
export function readStatusJson(text: string): Status {
  const status = JSON.parse(text) as StatusJson;
  const unknown = Object.keys(status).filter((key) => !['code', 'message', 'details'].includes(key));
  if (unknown.length > 0) throw new Error(`${unknown.join()} is no field of Status`);
  const { code = 0, message = '', details = [] } = status;
  const has = (type: string) =>
    details.some((each) => each['@type'] === `type.googleapis.com/google.rpc.${type}`);
  return { code, message, retryInfo: has('RetryInfo'), badRequest: has('BadRequest') };
}
