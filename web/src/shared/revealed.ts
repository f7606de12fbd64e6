// What the server reveals of a buyer: kept for as long as it may be seen; neither a query nor a cache ever holds it.
import { useEffect, useState } from 'react';
import type { Revealed } from './api/types';
import { now, useSecondsUntil } from './clock';

export function useRevealed<T extends { until: string } = Revealed>(reveal: () => Promise<T>) {
  const [answer, setAnswer] = useState<T | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [asking, setAsking] = useState(false);
  const seconds = useSecondsUntil(answer ? Date.parse(answer.until) : null);
  const ask = async () => {
    setAsking(true);
    setError(null);
    try {
      setAnswer(await reveal());
    } catch (problem) {
      setError(problem);
    } finally {
      setAsking(false);
    }
  };
  const hide = () => setAnswer(null);
  // What has run out is forgotten, not only hidden.
  useEffect(() => {
    if (!answer) return undefined;
    const timer = setTimeout(hide, Date.parse(answer.until) - now());
    return () => clearTimeout(timer);
  }, [answer]);
  return { revealed: answer, seconds, error, asking, ask, hide };
}
