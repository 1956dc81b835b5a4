const UNDERSCORE = 0x5f;

/** The length of a name as Loki writes it; 0 when it has none. */
export interface LokiName {
  bytes: number;
  /** Ends in one underscore, into which one that follows falls. */
  isOpen: boolean;
}

function isLetterOrDigit(byte: number): boolean {
  const letter = byte | 0x20;
  return (letter >= 0x61 && letter <= 0x7a) || (byte >= 0x30 && byte <= 0x39);
}

const run = { bytes: 0, isOpen: false, hasLetter: false };

/** Counts a stretch of a name: letters and digits stay, each run of anything else becomes one underscore. */
function measureRun(bytes: Uint8Array, start: number, end: number): void {
  let size = 0;
  for (let at = start; at < end; at++) {
    if (isLetterOrDigit(bytes[at]!)) {
      size++;
      run.isOpen = false;
      run.hasLetter = true;
    } else if (!run.isOpen) {
      size++;
      run.isOpen = true;
    }
  }
  run.bytes = size;
}

function isReserved(bytes: Uint8Array, start: number, end: number): boolean {
  return (
    end - start >= 4 &&
    bytes[start] === UNDERSCORE &&
    bytes[start + 1] === UNDERSCORE &&
    bytes[end - 2] === UNDERSCORE &&
    bytes[end - 1] === UNDERSCORE
  );
}

/**
 * Sets `name` to what the attribute key at `bytes[start, end)` becomes in Loki (otlptranslator 1.0, LabelNamer):
 * underscores as in `measureRun`, `key_` before a leading digit, and `__x__` keeps its double underscores. A key
 * without any of A-Z, a-z, 0-9 has no name: Loki refuses the whole request that holds one.
 */
export function measureName(name: LokiName, bytes: Uint8Array, key: { start: number; end: number }): void {
  const { start, end } = key;
  run.isOpen = false;
  run.hasLetter = false;
  const reserved = isReserved(bytes, start, end);
  if (reserved) measureRun(bytes, start + 2, end - 2);
  else measureRun(bytes, start, end);
  const first = bytes[start]!;
  const isDigit = first >= 0x30 && first <= 0x39;
  name.bytes = run.hasLetter ? run.bytes + (reserved || isDigit ? 4 : 0) : 0;
  name.isOpen = run.isOpen && !reserved;
}

/**
 * Sets `name`, that of a map, to the name of an entry of it: both joined by an underscore. Up to 5 bytes too long for
 * each map around it that is called `__x__`.
 */
export function measureNested(name: LokiName, bytes: Uint8Array, key: { start: number; end: number }): void {
  run.isOpen = true;
  measureRun(bytes, key.start, key.end);
  name.bytes += run.bytes + (name.isOpen ? 0 : 1);
  name.isOpen = run.isOpen;
}
