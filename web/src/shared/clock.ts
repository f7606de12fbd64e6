// The console's only clock: every other file asks here, so that tests can set the time.
import { useEffect, useState } from 'react';

let source: () => number = () => Date.now();

/** Milliseconds since 1970, UTC. */
export function now(): number {
  return source();
}

/** Tests only: fixes the clock; without an argument the real one is back. */
export function set_clock(fixed?: number): void {
  source = fixed === undefined ? () => Date.now() : () => fixed;
}

/** The current time, renewed every `every_ms`, for texts such as "3 minutes ago". */
export function useNow(every_ms = 30_000): number {
  const [value, setValue] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setValue(now()), every_ms);
    return () => clearInterval(timer);
  }, [every_ms]);
  return value;
}

/** Time left until `until` in whole seconds, renewed each second while any is left. */
export function useSecondsUntil(until: number | null): number {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    if (until === null) {
      setLeft(0);
      return;
    }
    const tick = () => setLeft(Math.max(0, Math.ceil((until - now()) / 1000)));
    tick();
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [until]);
  return left;
}
