import { test } from 'node:test';
import { filler, finds, leaves } from './testing/check-cases.ts';
import { connectionString, urlUserinfo } from './url-credentials.ts';

test('the password of a connection string goes', () => {
  finds(connectionString, [
    'postgres://app:⟦s3cret⟧@db:5432/shop',
    'postgresql+psycopg2://app:⟦s3cret⟧@db/shop?sslmode=require',
    'postgres://u:⟦p@ss⟧@host/db',
    'postgres://u:⟦p/ss#1⟧@host/db',
    'redis://:⟦s3cret⟧@cache:6379/0',
    'rediss://default:⟦s3cret⟧@cache',
    'mongodb+srv://app:⟦p%40ss⟧@c0.mongodb.net/?retryWrites=true',
    'amqp://guest:⟦guest⟧@mq and amqps://a:⟦b⟧@mq',
    'jdbc:mysql://app:⟦s3cret⟧@db/shop',
    '"DATABASE_URL":"mysql:\\/\\/app:⟦s3cret⟧@db\\/shop"',
    'ann:⟦s3cret⟧@tcp(db:3306)/shop "dsn":"ann:⟦p@ss⟧@unix(/run/db)/shop"',
    'jdbc:oracle:thin:scott/⟦tiger8⟧@//ora:1521/X',
    'mysql://⟦ann@example.com:s3cret⟧@db/x',
  ]);
});

test('user and password of any other address go', () => {
  finds(urlUserinfo, [
    'GET https://⟦ann:s3cret⟧@example.com/a?b=c',
    'git clone https://⟦oauth2:abc123⟧@gitlab.com/a/b.git',
    'http://⟦ann:⟦⟧@x'.replace('⟦⟧', 'p:w⟧').replace('⟧⟧', '⟧'),
    `https://⟦${filler(32, 'hex')}⟧@o1.ingest.test/42 https://⟦v2_${filler(32)}:⟧@logs.test/x`,
    'https://[redacted:url-userinfo]@x http://http://⟦ann:pw⟧@host',
    'sftp://⟦ann:pw⟧@host:22/x, ftp://⟦a:b⟧@c',
  ]);
});

test('addresses without a password stay', () => {
  const texts = [
    'https://example.com:8080/a@b',
    'https://example.com/users/ann:x@example.com',
    'ssh://git@github.com/a/b.git',
    'postgres://db:5432/shop?user=a@b',
    'https://[2001:db8::1]:8080/@x',
    'postgres://app@db/shop',
    'postgres://app:***@db, postgres://app:$PASSWORD@db, postgres://app:<password>@db',
    'postgres://app:[redacted:connection-string]@db',
    'https://[redacted:url-userinfo]@x',
    'https://a:b c@d',
    `http://${filler(600)}:x@host`,
    '://a:b@c',
    'https://deploy@example.com https://x-access-token@github.test https://release-2024@h',
    `https://x.test/@${filler(24)} https://x.test/a?b=${filler(24)}@c postgres://u${filler(24)}@db/x`,
    'user:***@tcp(db) @tcp(db) jdbc:oracle:thin:@//ora:1521/X jdbc:oracle:thin:scott/@ora',
  ];
  leaves(connectionString, texts);
  leaves(urlUserinfo, texts);
});
