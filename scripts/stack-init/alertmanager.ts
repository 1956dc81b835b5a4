import { isMap, isSeq, parseDocument, type YAMLMap } from 'yaml';
import type { MailSettings } from './settings.ts';

/** Where Alertmanager finds the password that is not written into its configuration. */
export const PASSWORD_FILE = '/etc/alertmanager/smtp-password';
const RECEIVER = 'signalbox';

/**
 * Alertmanager's configuration from the repository's own: as it is, or with mail added to the receiver
 * `signalbox` (keys: Alertmanager documentation, "Configuration", `global` and `email_config`). Comments stay.
 */
export function renderAlertmanager(text: string, mail: MailSettings | null): string {
  if (mail === null) return text;
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem !== undefined) throw new Error(`alertmanager.yml cannot be read: ${problem.message}`);
  const receivers = document.get('receivers');
  const receiver = (isSeq(receivers) ? receivers.items : []).find(
    (item): item is YAMLMap => isMap(item) && item.get('name') === RECEIVER,
  );
  if (receiver === undefined) throw new Error(`alertmanager.yml has no receiver ${RECEIVER} to add mail to`);
  receiver.set('email_configs', document.createNode([{ to: mail.to, send_resolved: true }]));
  const server = {
    smtp_smarthost: mail.smarthost,
    smtp_from: mail.from,
    smtp_require_tls: mail.requireTls,
    ...(mail.username === ''
      ? {}
      : { smtp_auth_username: mail.username, smtp_auth_password_file: PASSWORD_FILE }),
  };
  for (const [key, value] of Object.entries(server)) document.setIn(['global', key], value);
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}
