import { openKeyBook } from './key-book.ts';
import { newKey } from './keys.fixture.ts';

// `node book-process.fixture.ts FOLDER PREFIX COUNT`: makes so many keys, one after the other, and says each id.
const [dataDir = '', prefix = '', count = ''] = process.argv.slice(2);
const book = openKeyBook(dataDir);
for (let i = 0; i < Number(count); i++) {
  const { record } = await book.create(newKey(`${prefix} ${i}`));
  process.stdout.write(`${record.id}\n`);
}
