import { type Static, Type } from 'typebox';

const file = (description: string) => Type.String({ default: '', description });

/** Section `tls` of whatever listens. Without `cert_file` the port is plain. */
export const tlsSchema = Type.Object(
  {
    cert_file: file(
      "PEM file of the server's certificate, followed by those that lead to its CA; empty: no TLS",
    ),
    key_file: file('PEM file of the private key of that certificate, not encrypted'),
    client_ca_file: file(
      'PEM file of the CAs whose certificates clients must show (mutual TLS); empty: clients need none',
    ),
    min_version: Type.Union([Type.Literal('1.2'), Type.Literal('1.3')], {
      default: '1.2',
      description: 'Oldest version of TLS that is spoken',
    }),
  },
  {
    additionalProperties: false,
    default: {},
    description: 'TLS and mutual TLS; the files are read again when they change, without a restart',
  },
);
export type TlsConfig = Static<typeof tlsSchema>;

/** What is wrong in a section `tls` although each value by itself is right; `section` as in `otlp_http`. */
export function tlsMistakes(
  section: string,
  { cert_file, key_file, client_ca_file }: TlsConfig,
): { path: string; message: string }[] {
  const missing = (key: string, message: string) => ({ path: `${section}.tls.${key}`, message });
  if (cert_file !== '' && key_file === '') {
    return [missing('key_file', 'is missing: cert_file needs the file of its private key')];
  }
  if (cert_file !== '') return [];
  if (key_file !== '') {
    return [missing('cert_file', 'is missing: key_file is there, and TLS needs the certificate too')];
  }
  if (client_ca_file === '') return [];
  const message =
    'is missing: clients can only be asked for certificates over TLS; set cert_file and key_file';
  return [missing('cert_file', message)];
}
