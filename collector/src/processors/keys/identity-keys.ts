import { endsWithPhrase, type KeyWords, wordSet } from './key-words.ts';

const USER = wordSet(`
  user_id user_ids userid user_uid user_uuid user_guid user_key user_identifier usr_id enduser_id end_user_id enduserid
  pseudo_id customer_id customerid customer_uuid customer_number customer_identifier user_account_id user_account_uuid
  user_account customer_account account_uuid
  member_id subscriber_id patient_id employee_id employee_number person_id visitor_id anonymous_id viewer_id player_id
  guest_id contact_id student_id buyer_id shopper_id passenger_id
  user_name username usr_name login_name user_login login
  remote_user authenticated_user current_user impersonated_user principal principal_id principal_name
  user_principal_name upn sam_account_name actor_id jwt_sub claims_sub token_sub jwt_subject enduser
`);
/** Only as the whole key; behind another word they are of something else: `cloud.account.id`. */
const ALONE_USER = wordSet('user usr account_id accountid account nickname sub');
/** `gen_ai.request.user`: whom a call to a model was made for. */
const MODELS = wordSet('llm ai openai anthropic litellm langfuse langsmith request metadata properties');
/** A user of a database or a mail server is a setting of a service, not a person. */
const SERVERS = wordSet(
  'db database sql mysql postgres postgresql pg redis mongo mongodb smtp ldap ftp kafka amqp rabbitmq proxy',
);

/** Whether the value under this key is the same for all that one user does. */
export function isUserIdKey(key: KeyWords): boolean {
  const { words } = key;
  if (words.some((word) => SERVERS.has(word))) return false;
  // A number of the operating system, the same on every machine.
  if (words[0] === 'process' && words.at(-1) === 'id') return false;
  if (ALONE_USER.has(words.join('_'))) return true;
  if (words.at(-1) === 'user') return MODELS.has(words.at(-2) ?? '');
  return endsWithPhrase(key, USER);
}

const IP = wordSet(`
  client_address source_address peer_address peer_addr remote_address remote_addr remoteaddress remoteaddr client_addr
  clientip remoteip peer_ip peer_ipv client_ip client_ips client_ipv source_ip source_ipv src_ip src_addr src_address
  remote_ip remote_ips remote_host remote_ipv user_ip user_ipv visitor_ip customer_ip caller_ip sender_ip request_ip
  req_ip login_ip session_ip origin_ip originating_ip clientaddress real_ip connecting_ip forwarded_for xff
  external_address clientipaddress client_ip_address user_ip_address source_ip_address remote_ip_address ip_address
  ipaddress user_address_ip header_forwarded headers_forwarded azure_clientip
`);
const ALONE_IP = wordSet('ip ips ipv forwarded');
const SERVER_SIDE = wordSet('host server pod node k8s kubernetes cluster service container local gateway');

/** Whether the value under this key is the address of who is at the other end. */
export function isIpKey(key: KeyWords): boolean {
  const { words } = key;
  if (ALONE_IP.has(words.join('_'))) return true;
  if (!endsWithPhrase(key, IP)) return false;
  return !(words.at(-1)!.startsWith('address') && words.some((word) => SERVER_SIDE.has(word)));
}
