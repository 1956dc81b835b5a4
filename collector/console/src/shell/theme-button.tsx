import { useConsole } from '../state.ts';
import { Icon } from '../widgets/icon.tsx';
import type { Theme } from './preferences.ts';

const NEXT: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };
const ICON = { system: 'auto', light: 'sun', dark: 'moon' } as const;

/** Light, dark, or as the system says. */
export function ThemeButton() {
  const { preferences } = useConsole();
  const theme = preferences.theme.value;
  const label = `Colours: ${theme}. Change to ${NEXT[theme]}`;
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={label}
      title={label}
      onClick={() => {
        preferences.theme.value = NEXT[theme];
      }}
    >
      <Icon name={ICON[theme]} />
    </button>
  );
}
