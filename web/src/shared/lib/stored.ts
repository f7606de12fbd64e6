// Small settings of this browser (column choice, density): never business data, never personal data.
import { useCallback, useState } from 'react';

const prefix = 'entrepot.';

export function read_stored<T>(name: string, fallback: T): T {
  try {
    const text = localStorage.getItem(prefix + name);
    return text === null ? fallback : (JSON.parse(text) as T);
  } catch {
    return fallback;
  }
}

export function write_stored(name: string, value: unknown): void {
  try {
    localStorage.setItem(prefix + name, JSON.stringify(value));
  } catch {
    // A full or forbidden store only costs the convenience.
  }
}

export function useStored<T>(name: string, fallback: T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => read_stored(name, fallback));
  const change = useCallback(
    (next: T) => {
      setValue(next);
      write_stored(name, next);
    },
    [name],
  );
  return [value, change];
}
