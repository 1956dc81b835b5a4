import type { ServicesResponse } from '#api/schemas/services.ts';
import { useConsole } from '../state.ts';
import { hrefOf } from '../url/query.ts';
import { useApi } from './use-api.ts';

/** Services of the range with their operations, to choose from in filters. */
export function useServiceNames(): { services: string[]; operations: (service: string | null) => string[] } {
  const { range } = useConsole();
  const query = new URLSearchParams({ ...range.value, points: '1' });
  const { data } = useApi<ServicesResponse>(hrefOf('/api/v1/services', query));
  const all = data?.services ?? [];
  return {
    services: all.map(({ service }) => service).sort(),
    operations: (service) => [
      ...new Set(
        all
          .filter((one) => service === null || one.service === service)
          .flatMap((one) => one.operations.map(({ operation }) => operation)),
      ),
    ],
  };
}
