import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createKeyList } from '../content/content-keys.ts';
import { CONTENT } from '../content/testing/dialects.ts';
import { classOfEvent, classOfKey, createClassOfKey, KEY } from './key-class.ts';

const KEYS: Partial<Record<keyof typeof KEY, string>> = {
  credential: `
    password user.password db_password dbPassword PASSWORD userpassword password1 new_password passwordConfirm
    password_confirmation passwd pwd passphrase db.pass smtp_pass
    secret client_secret clientSecret client.secret app-secret session.secret stripe.secret.value
    token access_token accessToken auth.token refresh_token id_token x-auth-token github_token apiToken oauth2Token
    api_key apiKey api-key API_KEY APIKey x-api-key openai.api_key llm.api_key_value
    access_key aws_secret_access_key aws_access_key_id accessKeyId private_key privateKey ssh.private_key signing_key
    encryption_key jwt.signing.key hmac_key subscription-key Ocp-Apim-Subscription-Key
    authorization Authorization proxy-authorization auth_header authorization_code basic_auth
    cookie set-cookie cookies session_cookie cookies.sid headers.cookie.sid req.cookies.theme
    credentials aws.credentials creds connection_string connectionString ConnectionStrings.conn_str dsn sentry.dsn
    DATABASE_URL redis_url pin card_pin cvv cvc otp mfa_code one_time_password totp.secret jwt bearer
    http.request.header.authorization http.request.header.cookie http.response.header.set-cookie
    http.request.header.x-api-key http.request.header.x_csrf_token http.request.header.authorization.0
    http.request.header.x-amz-security-token rpc.request.metadata.authorization rpc.grpc.request.metadata.x-auth-token
    headers.authorization headers[0].authorization req.headers["cookie"] request.headers['x-api-key']
    process.environment_variable.AWS_SECRET_ACCESS_KEY url.query.X-Amz-Signature query.sig
    http.request.body.password gen_ai.request.api_key passwort contraseña`,
  personal: `
    user.email user.full_name enduser.email email e-mail eMail customer.emailAddress contact_email mail.to
    phone phone_number user.mobile mobile customer.phoneNumber first_name lastName given-name surname user.first_name
    customer.name patient.name cardholder_name street shipping_address customer.address postcode zip_code
    address.line1 date_of_birth dob birthday passport passport_number ssn nino tax_id national_id iban card_number
    creditCardNumber bank_account account_number gen_ai.user.email user_emails.0 imei`,
  userId: `
    user.id user_id userId userID enduser.id enduser.pseudo.id customer.id customer_id user.name username usr.id
    llm.user gen_ai.user gen_ai.request.user ai.telemetry.metadata.userId litellm.end_user.id langfuse.user.id
    traceloop.association.properties.user_id langsmith.metadata.user_id user account_id process.user.name
    http.request.header.x-user-id user.account_uuid login`,
  ip: `
    client.address source.address network.peer.address net.peer.ip net.sock.peer.addr http.client_ip client.ip
    client_ip clientIp ip ip_address remote_addr remoteAddress peer.ipv4 http.request.header.x-forwarded-for
    http.request.header.x-real-ip http.request.header.forwarded x_forwarded_for cf-connecting-ip true-client-ip user.ip`,
  contentMode: 'signalbox.content.mode',
  eventName: 'event.name',
  plain: `
    gen_ai.usage.input_tokens gen_ai.token.type llm.token_count.prompt max_tokens gen_ai.request.max_tokens
    token_count tokens total_tokens time_to_first_token time_per_output_token stop_token eos_token max_token
    next_page_token page_token continuation_token nextToken cursor_token sync_token idempotency_token
    password.length password_length password_changed_at has_password is_secret passwordStrength use_token
    secret.name secret.arn aws.secretsmanager.secret.arn k8s.secret.name token.type token_expires_in token.id
    api_key.id api_key.name api_key_hash litellm.api_key.hash key cache.key idempotency_key partition_key public_key
    primary_key messaging.kafka.message.key sec-websocket-key
    access_control_allow_credentials http.response.header.access-control-allow-credentials authorization_endpoint
    cookie.name cookies.enabled cookie_consent session.id session_id user_agent.original user_agent.name pinned
    author authority auth.method auth.type authenticated
    service.name host.name server.address destination.address host.ip k8s.pod.ip network.local.address net.host.ip
    service.instance.id k8s.pod.uid cloud.account.id db.user db.user.name organization.id device.id
    email_verified email.template user.email_count has_email browser.mobile phone.model user.roles enduser.role
    http.request.method url.path file.name thread.name event.id address street_count mac_address
    gcp.service_account.email error.fingerprint test.pass gpio.pin process.pid signalbox.content "" . 1 _`,
};

for (const [kind, list] of Object.entries(KEYS)) {
  test(`keys of kind ${kind}`, () => {
    const wanted = KEY[kind as keyof typeof KEY];
    const keys = list.trim().split(/\s+/);
    assert.deepEqual(
      keys.filter((key) => classOfKey(key) !== wanted).map((key) => [key, classOfKey(key)]),
      [],
    );
  });
}

test('content of every dialect has its class, whatever its keys look like else', () => {
  for (const key of Object.values(CONTENT).flat()) assert.equal(classOfKey(key), KEY.content, key);
});

test('events have a class by their name', () => {
  assert.equal(classOfEvent('gen_ai.user.message'), KEY.content);
  assert.equal(classOfEvent('exception'), KEY.plain);
});

test('more content is known by configuration, before anything else', () => {
  const ofKey = createClassOfKey((key) => key === 'acme.secret');
  assert.equal(ofKey('acme.secret'), KEY.content);
  assert.equal(ofKey('acme.secrets'), KEY.credential);
  assert.equal(ofKey('signalbox.content.mode'), KEY.contentMode);
});

test('any key has a class, also one of megabytes', () => {
  for (const part of [
    'a',
    'A',
    'aB',
    '.',
    '0',
    '[0].',
    'token.',
    'user_',
    '\u{1f600}',
    '\ud800',
    '密码',
    'cookie.',
  ]) {
    for (const count of [0, 1, 3, 100_000]) assert.ok(classOfKey(part.repeat(count)) >= 0);
  }
});

test('a very long key is judged by its ends, as content too', () => {
  const middle = 'a.'.repeat(30_000_000);
  assert.equal(classOfKey(middle), KEY.plain);
  assert.equal(classOfKey(`gen_ai.prompt.${middle}content`), KEY.content);
  assert.equal(classOfKey(`gen_ai.prompt.${middle}role`), KEY.plain);
  assert.equal(classOfKey(`${middle}http.request.body`), KEY.content);
  assert.equal(classOfKey(`gen_ai.prompt.${middle}api_key`), KEY.credential);
  assert.equal(classOfKey(`${middle}user.email`), KEY.personal);
  assert.equal(classOfKey(`${middle}client.address`), KEY.ip);
  const ofKey = createClassOfKey(createKeyList(['acme.llm.*']));
  assert.equal(ofKey(`acme.llm.${middle}`), KEY.content);
});

test('a key of 1,024 characters is judged as a whole, a longer one without its middle', () => {
  const padded = (length: number) => {
    const key = `${'a.'.repeat(255)}request.body.b.`;
    return key + 'c'.repeat(length - key.length);
  };
  assert.equal(classOfKey(padded(1024)), KEY.content);
  assert.equal(classOfKey(padded(1025)), KEY.plain);
});
