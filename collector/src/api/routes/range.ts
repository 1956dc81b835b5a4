/** A range as answers give it back. */
export function describeRange({ from, to }: { from: bigint; to: bigint }): {
  fromUnixNano: string;
  toUnixNano: string;
} {
  return { fromUnixNano: String(from), toUnixNano: String(to) };
}
