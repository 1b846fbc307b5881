/** A table whose values are made when they are asked for, once each. Going through it makes them all, in the keys' order. */
export function lazyMap<T>(keys: readonly string[], make: (key: string) => T): ReadonlyMap<string, T> {
  const names = new Set(keys);
  const made = new Map<string, T>();
  const get = (key: string): T | undefined => {
    if (!names.has(key)) return undefined;
    let value = made.get(key);
    if (value === undefined) {
      value = make(key);
      made.set(key, value);
    }
    return value;
  };
  const all = (): Map<string, T> => new Map([...names].map((key) => [key, get(key) as T]));
  return {
    get,
    has: (key) => names.has(key),
    size: names.size,
    keys: () => names.values(),
    values: () => all().values(),
    entries: () => all().entries(),
    [Symbol.iterator]: () => all().entries(),
    forEach: (visit) => all().forEach(visit),
  };
}
