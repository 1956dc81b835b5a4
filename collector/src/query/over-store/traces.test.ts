import { openStoreBackend } from '#test/query-contract/store-backend.ts';
import { tracesContract } from '#test/query-contract/traces.ts';

tracesContract(openStoreBackend);
