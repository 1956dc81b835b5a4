export const MIN_PASSWORD = 12;
export const MAX_PASSWORD = 256;
const FEWEST_DIFFERENT = 4;

/** Of the most common passwords those of twelve characters or more, and what people make of a shorter one to get there. */
const COMMON = new Set(
  `123456789012 1234567890123 12345678901234 123456789012345 1234567890123456 123456123456 123123123123
  012345678910 0123456789012 111111222222 112233445566 121212121212 123321123321 987654321098 qwertyuiop12
  qwertyuiop123 qwertyuiop1234 qwertyuiop[] qwertyuiopas qwertyuiopasdfgh qwertyuiopasdfghjkl qwertyqwerty
  qwerty123456 qwerty1234567 qwerty12345678 qwerty123qwerty 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1qaz2wsx3edc
  1qaz2wsx3edc4rfv qazwsxedcrfv qazwsxedc123 zaq12wsxcde3 asdfghjkl123 asdfghjkl123456 asdfasdfasdf
  zxcvbnm12345 zxcvbnmasdfg abcdefghijkl abcdefghijklm abcdefghijklmnop abcdefgh1234 abcd1234abcd
  abc123abc123 abc123456789 a1b2c3d4e5f6 passwordpassword password1234 password12345 password123456
  password1234567 password12345678 password123456789 password1234! password123! password2023 password2024
  password2025 password2026 passw0rd1234 p@ssw0rd1234 p@ssword1234 p@ssword123! passwort1234 passwort12345
  changemechangeme changeme1234 changeme12345 changethisnow letmeinletmein letmein12345 letmein123456
  welcomewelcome welcome12345 welcome123456 welcome1234! iloveyou1234 iloveyou12345 iloveyouiloveyou
  administrator administrator1 administrator123 adminadminadmin adminadmin123 admin1234567 admin12345678
  admin123456789 adminpassword rootrootroot rootpassword secretsecret supersecret1 mysecretpassword
  correcthorsebatterystaple trustno1trustno1 dragondragon1 monkeymonkey monkey123456 football1234
  baseball1234 superman1234 batmanbatman starwars1234 sunshine1234 princess1234 liverpoolfc1 manchester1234
  computer1234 internet1234 testtesttest testpassword test12345678 defaultpassword default12345
  signalboxsignalbox signalbox123 signalbox1234 monitoring12 monitoring123 grafanagrafana prometheus123
  observability`.split(/\s+/),
);

/**
 * Why `password` cannot be taken, as a sentence that says what to do; null when it can. Length and a list of known
 * ones, no rules of composition (NIST SP 800-63B, 5.1.1.2).
 */
export function passwordMistake(password: string, userName: string): string | null {
  const text = password.normalize('NFKC');
  const length = [...text].length;
  if (length < MIN_PASSWORD)
    return `A password has at least ${MIN_PASSWORD} characters; several words are good.`;
  if (length > MAX_PASSWORD) return `A password has at most ${MAX_PASSWORD} characters.`;
  const lower = text.toLowerCase();
  if (lower.includes(userName.toLowerCase())) return 'A password must not contain the name of its user.';
  if (COMMON.has(lower) || new Set(lower).size < FEWEST_DIFFERENT) {
    return 'This password is one of the first that are tried. Choose another; several words are good.';
  }
  return null;
}
