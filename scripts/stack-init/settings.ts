import { isIPv6 } from 'node:net';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the parts of the stack are reached, without a slash at their end. */
export interface Addresses {
  console: string;
  grafana: string;
  otlp: string;
}

export interface MailSettings {
  to: string;
  /** `host:port` */
  smarthost: string;
  from: string;
  /** Empty: no login. */
  username: string;
  password: string;
  requireTls: boolean;
}

export interface StackSettings {
  local: Addresses;
  /** Over TLS, through Caddy; null when no public name is set. */
  public: Addresses | null;
  /** Whether other machines reach the ports that ask nobody who they are. */
  isOpen: boolean;
  mail: MailSettings | null;
}

/** Reads the `STACK_...` variables of docker-compose.yml. Throws one error with every mistake in it. */
export function readSettings(environment: Environment, smtpPassword: string): StackSettings {
  const get = (name: string, fallback = '') => environment[name]?.trim() || fallback;
  // Docker wants IPv6 addresses in brackets.
  const bindAddress = get('STACK_BIND_ADDRESS', '127.0.0.1').replace(/^\[(.*)\]$/, '$1');
  const isAny = bindAddress === '0.0.0.0' || bindAddress === '::';
  const host = isAny ? 'localhost' : isIPv6(bindAddress) ? `[${bindAddress}]` : bindAddress;
  const publicHost = get('STACK_PUBLIC_HOST');
  const { mail, mistakes } = readMail(get, { smtpPassword, publicHost });
  if (mistakes.length > 0) throw new Error(`The settings are wrong:\n  ${mistakes.join('\n  ')}`);
  return {
    local: {
      console: `http://${host}:${get('STACK_CONSOLE_PORT', '8080')}`,
      grafana: `http://${host}:${get('STACK_GRAFANA_PORT', '3000')}`,
      otlp: `http://${host}:${get('STACK_OTLP_HTTP_PORT', '4318')}`,
    },
    public:
      publicHost === ''
        ? null
        : {
            console: `https://${publicHost}`,
            grafana: `https://${get('STACK_GRAFANA_HOST', `grafana.${publicHost}`)}`,
            otlp: `https://${publicHost}`,
          },
    isOpen: !/^(127\.|::1$|localhost$)/.test(bindAddress),
    mail,
  };
}

function readMail(
  get: (name: string, fallback?: string) => string,
  { publicHost, smtpPassword }: { publicHost: string; smtpPassword: string },
): { mail: MailSettings | null; mistakes: string[] } {
  const mail = {
    to: get('STACK_ALERT_EMAIL_TO'),
    smarthost: get('STACK_SMTP_SMARTHOST'),
    from: get('STACK_SMTP_FROM', `signalbox@${publicHost || 'localhost'}`),
    username: get('STACK_SMTP_USERNAME'),
    password: smtpPassword,
  };
  if (mail.to === '') return { mail: null, mistakes: [] };
  // Mailpit, in the same network, has no TLS.
  const requireTls = get('STACK_SMTP_REQUIRE_TLS', String(!mail.smarthost.startsWith('mailpit:')));
  const mistakes: string[] = [];
  const demand = (holds: boolean, mistake: string) => void (holds || mistakes.push(mistake));
  demand(mail.to.split(',').every(isAddress), `STACK_ALERT_EMAIL_TO: ${mail.to} is no address`);
  demand(isAddress(mail.from), `STACK_SMTP_FROM: ${mail.from} is no address`);
  demand(
    /^[^\s:]+:\d+$|^\[[0-9a-f:]+\]:\d+$/i.test(mail.smarthost),
    'STACK_SMTP_SMARTHOST: name the mail server as HOST:PORT (with --profile mail: mailpit:1025)',
  );
  demand(['true', 'false'].includes(requireTls), 'STACK_SMTP_REQUIRE_TLS: must be true or false');
  demand(
    mail.username === '' || mail.password !== '',
    'STACK_SMTP_USERNAME is set, but no password: put it into a file and name that in STACK_SMTP_PASSWORD_FILE',
  );
  demand(
    mail.username !== '' || mail.password === '',
    'STACK_SMTP_PASSWORD_FILE has a password, but STACK_SMTP_USERNAME is not set',
  );
  return { mail: { ...mail, requireTls: requireTls === 'true' }, mistakes };
}

/** Also `Name <a@b>`, as mail programs write it. */
function isAddress(text: string): boolean {
  return /^([^<>@,]*<[^\s<>@,]+@[^\s<>@,]+>|[^\s<>@,]+@[^\s<>@,]+)$/.test(text.trim());
}
