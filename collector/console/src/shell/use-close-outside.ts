import { useLayoutEffect } from 'preact/hooks';
import { useConsole } from '../state.ts';

/** While `open`, Esc and a press outside of `root` call `close`. */
export function useCloseOutside(open: boolean, root: { current: HTMLElement | null }, close: () => void) {
  const { keyboard } = useConsole();
  useLayoutEffect(() => {
    if (!open) return;
    const before = keyboard.close.value;
    keyboard.close.value = close;
    const onDown = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) close();
    };
    document.addEventListener('pointerdown', onDown);
    return () => {
      keyboard.close.value = before;
      document.removeEventListener('pointerdown', onDown);
    };
  }, [open]);
}
