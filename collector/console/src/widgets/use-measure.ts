import { useEffect, useState } from 'preact/hooks';
import { useConsole } from '../state.ts';

/** The width of an element in CSS pixels, followed as it changes; 0 before the first look. */
export function useWidth(host: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(Math.floor(element.clientWidth)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return width;
}

/** Changes whenever the colours do: by the switch or by the system. For what is drawn and not styled. */
export function useThemeCount(): string {
  const { preferences } = useConsole();
  const [dark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const follow = () => setDark(query.matches);
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, []);
  return `${preferences.theme.value}-${dark}`;
}
