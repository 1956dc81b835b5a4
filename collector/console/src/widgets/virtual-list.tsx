import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { rowTop, rowWindow } from './virtual-window.ts';

interface VirtualListProps {
  count: number;
  rowHeight: number;
  label: string;
  /** Stable name of a row: opened heights and elements follow it when rows come in above. */
  keyOf: (index: number) => string;
  row: (index: number) => JSX.Element;
  /** What an opened row shows below its line; its height is measured. */
  detail?: (index: number) => JSX.Element | null;
  opened?: ReadonlySet<string>;
  /** A row to bring into view whenever this changes. */
  showIndex?: number | null;
  /** Fires when the reader comes within a screen of the end. */
  onNearEnd?: () => void;
  /** Whether the reader is at the very top. */
  onTop?: (atTop: boolean) => void;
  header?: ComponentChildren;
}

const OVERSCAN = 12;
const CLOSED: ReadonlySet<string> = new Set();

/** A list that draws only what is in view, in a box that scrolls by itself. */
export function VirtualList(props: VirtualListProps) {
  const { count, rowHeight, keyOf, opened = CLOSED } = props;
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  const [heights, setHeights] = useState<ReadonlyMap<string, number>>(new Map());
  const extra = extraHeights(props, heights);
  const { first, end, totalHeight } = rowWindow({
    count,
    rowHeight,
    extra,
    scrollTop: view.top,
    viewHeight: view.height,
    overscan: OVERSCAN,
  });

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const measure = () => setView({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, []);
  useEffect(() => {
    props.onTop?.(view.top < 4);
    if (view.top + view.height * 2 > totalHeight) props.onNearEnd?.();
  }, [view.top, view.height, totalHeight]);
  useLayoutEffect(() => {
    const at = props.showIndex;
    if (at === null || at === undefined || at < 0 || box.current === null) return;
    scrollIntoBox(box.current, rowTop(at, rowHeight, extra), rowHeight);
  }, [props.showIndex]);

  const setHeight = (key: string, height: number) =>
    setHeights((before) => (before.get(key) === height ? before : new Map(before).set(key, height)));
  return (
    <div class="virtual-list" ref={box}>
      {props.header}
      <ul class="virtual-space" aria-label={props.label} style={{ height: `${totalHeight}px` }}>
        {range(first, end).map((index) => {
          const key = keyOf(index);
          return (
            <li
              key={key}
              aria-setsize={count}
              aria-posinset={index + 1}
              class="virtual-row"
              style={{ transform: `translateY(${rowTop(index, rowHeight, extra)}px)` }}
            >
              {props.row(index)}
              {opened.has(key) && props.detail !== undefined && (
                <Measured onHeight={(height) => setHeight(key, height)}>{props.detail(index)}</Measured>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function extraHeights(props: VirtualListProps, heights: ReadonlyMap<string, number>): Map<number, number> {
  const extra = new Map<number, number>();
  if (props.opened === undefined || props.opened.size === 0) return extra;
  for (let index = 0; index < props.count && extra.size < props.opened.size; index += 1) {
    const key = props.keyOf(index);
    if (props.opened.has(key)) extra.set(index, heights.get(key) ?? 0);
  }
  return extra;
}

function Measured({
  onHeight,
  children,
}: {
  onHeight: (height: number) => void;
  children: ComponentChildren;
}) {
  const host = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = host.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => onHeight(element.offsetHeight));
    observer.observe(element);
    onHeight(element.offsetHeight);
    return () => observer.disconnect();
  }, []);
  return <div ref={host}>{children}</div>;
}

function scrollIntoBox(box: HTMLElement, top: number, height: number): void {
  if (top < box.scrollTop) box.scrollTop = top;
  else if (top + height * 2 > box.scrollTop + box.clientHeight)
    box.scrollTop = top + height * 2 - box.clientHeight;
}

function range(first: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - first) }, (_, at) => first + at);
}
