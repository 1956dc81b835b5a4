import { endsWithPhrase, type KeyWords, wordSet } from './key-words.ts';

const PHRASES = wordSet(`
  email emails mail_address email_address email_addresses emailaddress e_mail e_mail_address e_mails
  email_to email_from email_cc email_bcc email_recipient email_recipients mail_to mail_from mail_cc rcpt_to
  phone phones phone_number phone_numbers phonenumber mobile_number mobile_phone mobilenumber mobilephone cellphone
  cell_phone cell_number telephone telephone_number fax fax_number msisdn whatsapp whatsapp_number sms_number
  contact_number home_phone work_phone caller_number callee_number
  full_name fullname first_name firstname last_name lastname given_name givenname family_name familyname surname
  middle_name middlename maiden_name real_name legal_name preferred_name birth_name cardholder cardholder_name
  card_holder card_holder_name cardholdername account_holder account_holder_name holder_name name_on_card
  beneficiary_name payee_name payer_name
  street street_address streetaddress street_name street_line street_number address_line postcode post_code postal_code
  postalcode zip_code zipcode home_address billing_address shipping_address delivery_address mailing_address
  postal_address residential_address homeaddress billingaddress shippingaddress house_number po_box
  date_of_birth dateofbirth birth_date birthdate birthday birth_day dob place_of_birth birth_place birthplace
  year_of_birth birth_year
  passport passport_number passportnumber passport_no passport_id
  ssn social_security social_security_number socialsecuritynumber nino national_insurance national_insurance_number
  national_id national_id_number national_identity_number nationalid tax_id taxid tax_number
  tax_identification_number taxpayer_id tax_payer_id itin
  driver_license drivers_license driver_licence drivers_licence driving_license driving_licence driver_license_number
  drivers_license_number driving_licence_number driver_s_license licence_number license_number license_plate
  licence_plate number_plate aadhaar aadhar aadhaar_number cpf curp dni codice_fiscale fiscal_code bsn pesel nhs_number
  medicare_number medical_record_number mrn health_insurance_number insurance_number personnummer personal_number
  identity_number identity_card identity_card_number id_card id_card_number id_number identity_document
  iban ibans bank_account bank_account_number account_number accountnumber acct_number routing_number sort_code
  card_number cardnumber card_no credit_card credit_card_number creditcard creditcardnumber debit_card
  debit_card_number cc_number ccnumber cc_num ccnum primary_account_number pan card_pan pan_number card_expiry
  card_expiration
  imei imsi gender ethnicity religion nationality marital_status sexual_orientation blood_type
`);

/** Words that are personal only of a person, as in `customer.name`. */
const OF_PERSON = wordSet(`
  name names mobile tel cell zip address address_city address_street mail age sex nickname display_name displayname
  location latitude longitude
`);
const PEOPLE = wordSet(`
  customer patient person employee contact recipient sender passenger guest member subscriber buyer beneficiary
  cardholder shopper student applicant visitor resident citizen
`);
const USERS = wordSet('user usr enduser');
/** Alone they are personal too: `mobile`, not `browser.mobile`. */
const ALONE = wordSet('mobile tel mail zip');

const NOT = wordSet('service_account_email serviceaccount_email geo_postal_code');
const FLAGS = wordSet(
  'is has had send verify notify enable allow require missing invalid use count num no with',
);

/** Whether the value under this key says who somebody is, by itself. */
export function isPersonalKey(key: KeyWords): boolean {
  const { words, leafStart } = key;
  if (words.length === 0 || endsWithPhrase(key, NOT)) return false;
  if (leafStart < words.length - 1 && FLAGS.has(words[leafStart]!)) return false;
  if (words.length === 1 && ALONE.has(words[0]!)) return true;
  return endsWithPhrase(key, PHRASES) || isOfPerson(words);
}

function isOfPerson(words: readonly string[]): boolean {
  for (let count = 1; count <= 2 && count < words.length; count++) {
    const what = words.slice(-count).join('_');
    const who = words[words.length - count - 1]!;
    if (!OF_PERSON.has(what)) continue;
    // The name of a user is what they log in with: a key of its own.
    if (PEOPLE.has(who) || (USERS.has(who) && !what.startsWith('name'))) return true;
  }
  return false;
}
