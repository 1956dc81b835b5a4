import { useConsole } from '../state.ts';
import { Notice } from '../widgets/notice.tsx';

/** An address that names nothing. */
export function MissingPage() {
  const { location } = useConsole();
  return (
    <Notice title="There is no such page" detail={`Nothing lives at ${location.path.value}.`}>
      <a class="button" href={location.to('/services')}>
        Go to Services
      </a>
    </Notice>
  );
}
