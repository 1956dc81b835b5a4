import { openStoreBackend } from '#test/query-contract/store-backend.ts';
import { traceContract } from '#test/query-contract/trace.ts';

traceContract(openStoreBackend);
