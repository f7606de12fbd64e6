// Pack slips in a tab of their own, from which they are printed; the browser holds them no longer than an
// address is shown.
import { useState } from 'react';

const slip_shown_ms = 5 * 60 * 1000;

export function useSlipTab(fetch_document: () => Promise<Blob>) {
  const [error, setError] = useState<unknown>(null);
  const [asking, setAsking] = useState(false);
  const print = async () => {
    // Opened before the answer comes: a tab that opens later is taken for an advertisement.
    const tab = window.open('', '_blank');
    setAsking(true);
    setError(null);
    try {
      const address = URL.createObjectURL(await fetch_document());
      setTimeout(() => URL.revokeObjectURL(address), slip_shown_ms);
      if (tab) tab.location.href = address;
    } catch (problem) {
      tab?.close();
      setError(problem);
    } finally {
      setAsking(false);
    }
  };
  return { error, asking, print, forget: () => setError(null) };
}
