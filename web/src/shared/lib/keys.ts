// Keyboard shortcuts: single keys ("j"), chords ("mod+k") and sequences ("g o"), silent while somebody types.
import { useEffect, useRef } from 'react';

export type KeyMap = Record<string, (event: KeyboardEvent) => void>;

const sequence_ms = 900;

function typing_in(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** A closed dialog stays in the document, out of sight. */
function dialog_open(): boolean {
  return [...document.querySelectorAll('[role="dialog"][aria-modal="true"]')].some((each) => each.getClientRects().length > 0);
}

function name_of(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const shifted = event.shiftKey && event.key.length > 1 ? 'shift+' : '';
  return `${event.ctrlKey || event.metaKey ? 'mod+' : ''}${event.altKey ? 'alt+' : ''}${shifted}${key}`;
}

/** Listens while mounted. Handlers may change between renders. */
export function useKeys(map: KeyMap, active = true): void {
  const latest = useRef(map);
  latest.current = map;
  useEffect(() => {
    if (!active) return;
    let first = '';
    let timer: ReturnType<typeof setTimeout> | undefined;
    const listen = (event: KeyboardEvent) => {
      const name = name_of(event);
      const chord = name.startsWith('mod+');
      if (!chord && (typing_in(event.target) || dialog_open())) return;
      const sequence = first === '' ? '' : `${first} ${name}`;
      const handler = latest.current[sequence] ?? latest.current[name];
      first = '';
      clearTimeout(timer);
      if (handler) {
        event.preventDefault();
        handler(event);
        return;
      }
      if (Object.keys(latest.current).some((each) => each.startsWith(`${name} `))) {
        first = name;
        timer = setTimeout(() => (first = ''), sequence_ms);
      }
    };
    window.addEventListener('keydown', listen);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('keydown', listen);
    };
  }, [active]);
}
