import { logTailContract } from '#test/query-contract/log-tail.ts';
import { openStoreBackend } from '#test/query-contract/store-backend.ts';

logTailContract(openStoreBackend);
