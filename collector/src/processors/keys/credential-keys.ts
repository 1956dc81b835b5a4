import { endsWithPhrase, type KeyWords, wordSet } from './key-words.ts';

/** Long enough to mean the same wherever they end a key, with or without signs between. */
const COMPOUNDS = [
  ...wordSet(`password passwd passphrase passcode passwort kennwort contraseña contrasena motdepasse
    apikey secretkey accesskey accesskeyid privatekey signingkey encryptionkey decryptionkey masterkey hmackey
    subscriptionkey accountkey storagekey deploykey licensekey consumerkey webhookkey sessionkey recoverykey
    servicekey writekey ingestkey ingestionkey applicationkey authkey authenticationkey sshkey sharedkey
    accesstoken authtoken refreshtoken bearertoken sessiontoken securitytoken csrftoken xsrftoken apitoken oauthtoken
    usertoken csrfmiddlewaretoken
    clientsecret appsecret sharedsecret sessionsecret signingsecret consumersecret webhooksecret
    setcookie sessioncookie proxyauthorization
    connectionstring connstring connstr databaseurl databaseuri redisurl redisuri mongodburi mongodburl mongouri mongourl
    postgresurl postgresqlurl mysqlurl amqpurl rabbitmqurl brokerurl jdbcurl`),
];

const PHRASES = wordSet(`
  pwd psw secret secrets senha passwords passphrases htpasswd pgpass creds credential credentials
  token access_tokens auth_tokens refresh_tokens api_tokens bearer_tokens session_tokens api_keys apikeys
  private_keys access_keys secret_keys
  authorization authorization_header auth_header authentication_header bearer jwt jwts basic_auth x_auth http_auth
  bearer_auth proxy_auth digest_auth redis_auth smtp_auth authorization_code auth_code oauth_code code_verifier
  client_assertion saml_response saml_assertion jwt_assertion token_hint
  app_key server_key private_pem key_material keytab
  cookie cookies csrf xsrf dpop amz_signature goog_signature amz_credential goog_credential
  phpsessid jsessionid aspsessionid connect_sid asp_net_sessionid
  dsn
  pin cvv cvc csc cvn card_security_code security_code card_verification_value otp otp_code totp one_time_password
  one_time_code mfa_code fa_code two_factor_code tfa_code sms_code verification_code backup_code backup_codes
  recovery_code recovery_codes recovery_phrase seed_phrase mnemonic security_answer secret_answer magic_link
  password_hash passwd_hash pwd_hash password_digest password_salt password_hashes
  vault_secret_id approle_secret_id role_secret_id
  db_pass smtp_pass user_pass mail_pass email_pass ftp_pass sudo_pass root_pass admin_pass login_pass account_pass
  mysql_pass pg_pass postgres_pass redis_pass mongo_pass proxy_pass ldap_pass auth_pass wifi_pass key_pass ssl_pass
  cert_pass keystore_pass truststore_pass userpass dbpass bind_pass
`);

/** Ends like a credential, and is none: a header with a flag, a cursor in a list, a word of a language model. */
const NOT = wordSet(`
  allow_credentials request_pays client_request_token
  gpio_pin input_pin output_pin board_pin hardware_pin erlang_otp runtime_otp
`);
const NOT_BEFORE_TOKEN = wordSet(`
  page next continuation continue cursor pagination sync skip delta cancellation cancel resume starting marker change
  per first last output input prompt completion max min total cached reasoning thinking audio eos bos pad mask sep cls
  unk special stop unexpected syntax parser lexer design idempotency concurrency fencing lock
`);
const FLAGS = wordSet(`
  is has had needs require requires required use uses allow allowed enable enabled disable disabled show hide should
  can with include includes support supports missing invalid no num count expired
`);
/** Stand behind the name of a credential and are the same credential. */
const WRAPPERS = wordSet(`
  value raw plain plaintext string binary confirm confirmation confirmed repeat again current old new base b header
  encrypted
`);
const META = wordSet(`
  name names count size length type enabled domain path secure only age expires expiry consent policy banner accepted
  present total number version format ttl
`);
const HEADERS = wordSet('header headers metadata trailer trailers');
const HEADER_NAMES = wordSet('auth x_amzn_oidc_data x_amzn_oidc_accesstoken remote_auth');
const QUERIES = wordSet('query params querystring');
const QUERY_NAMES = wordSet('sig signature auth code');

/** Whether the value under this key lets its holder in somewhere. */
export function isCredentialKey(key: KeyWords): boolean {
  const { words, leafStart } = key;
  if (words.length === 0 || endsWithPhrase(key, NOT)) return false;
  if (leafStart < words.length - 1 && FLAGS.has(words[leafStart]!)) return false;
  return namesCredential(key) || isWrapped(key) || isInCookie(words) || isByPlace(words);
}

function namesCredential(key: KeyWords): boolean {
  const { words, joined } = key;
  if (words.at(-1) === 'token' && NOT_BEFORE_TOKEN.has(words.at(-2) ?? '')) return false;
  return endsWithPhrase(key, PHRASES) || COMPOUNDS.some((compound) => joined.endsWith(compound));
}

function isWrapped({ words }: KeyWords): boolean {
  if (words.length < 2 || !WRAPPERS.has(words.at(-1)!)) return false;
  const inner = words.slice(0, -1);
  return namesCredential({ words: inner, leafStart: 0, joined: inner.join('') });
}

/** `cookies.sid`, `headers.cookie.sid`: one cookie of many. */
function isInCookie(words: readonly string[]): boolean {
  const at = words.findIndex(
    (word, i) => word === 'cookies' || (word === 'cookie' && HEADERS.has(words[i - 1] ?? '')),
  );
  return at >= 0 && at < words.length - 1 && !META.has(words.at(-1)!);
}

/** Names that say it only as the name of a header, or of a parameter of a URL. */
function isByPlace(words: readonly string[]): boolean {
  for (let at = Math.max(1, words.length - 4); at < words.length; at++) {
    const name = words.slice(at).join('_');
    const place = words[at - 1]!;
    if (HEADERS.has(place) && HEADER_NAMES.has(name)) return true;
    if (QUERIES.has(place) && QUERY_NAMES.has(name)) return true;
  }
  return false;
}
