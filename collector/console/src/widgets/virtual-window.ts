export interface WindowInput {
  count: number;
  rowHeight: number;
  /** What opened rows are higher than `rowHeight`, by index, in pixels. */
  extra: ReadonlyMap<number, number>;
  scrollTop: number;
  viewHeight: number;
  /** Rows drawn beyond each edge, so that fast scrolling shows no holes. */
  overscan: number;
}

/** The rows to draw: from `first` up to, not including, `end`. */
export interface RowWindow {
  first: number;
  end: number;
  totalHeight: number;
}

/** Where a row begins, in pixels from the top of the list. */
export function rowTop(index: number, rowHeight: number, extra: ReadonlyMap<number, number>): number {
  let top = index * rowHeight;
  for (const [row, height] of extra) if (row < index) top += height;
  return top;
}

/** Which rows of a long list are in view. Costs grow with the opened rows, not with the list. */
export function rowWindow(input: WindowInput): RowWindow {
  const { count, rowHeight, extra, scrollTop, viewHeight, overscan } = input;
  const first = rowAt(input, scrollTop);
  const last = rowAt(input, scrollTop + viewHeight);
  return {
    first: Math.max(0, first - overscan),
    end: Math.min(count, last + 1 + overscan),
    totalHeight: rowTop(count, rowHeight, extra),
  };
}

function rowAt({ count, rowHeight, extra }: WindowInput, y: number): number {
  let low = 0;
  let high = Math.max(0, count - 1);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (rowTop(middle, rowHeight, extra) <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}
