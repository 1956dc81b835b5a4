/** `make` of one text, remembered for the last `max` of them. */
export function createCache<T>(max: number, make: (text: string) => T): (text: string) => T {
  const remembered = new Map<string, T>();
  return (text) => {
    const known = remembered.get(text);
    if (known !== undefined) return known;
    const made = make(text);
    if (remembered.size >= max) remembered.delete(remembered.keys().next().value!);
    remembered.set(text, made);
    return made;
  };
}
