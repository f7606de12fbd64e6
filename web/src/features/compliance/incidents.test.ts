// Incidents in words: how long it took, which notes are good, and a word for each code of the server.
import { describe, expect, it } from 'vitest';
import en from '@/locales/en/compliance.json';
import zh from '@/locales/zh-CN/compliance.json';
import { incident_states, incident_tones, is_note_good, note_length_max, seconds_taken } from './queries';

const sources = import.meta.glob<string>('../../../../src/vault/alarm.hpp', { query: '?raw', eager: true, import: 'default' });

describe('incidents', () => {
  it('never says that it took no time', () => {
    expect(seconds_taken({ took_ms: 1 })).toBe('0.1');
    expect(seconds_taken({ took_ms: 0 })).toBe('0.0');
    expect(seconds_taken({ took_ms: 1201 })).toBe('1.3');
    expect(seconds_taken({ took_ms: null })).toBeNull();
  });
  it('takes a note of 1 to 2000 characters, whatever their bytes', () => {
    expect(is_note_good('  ')).toBe(false);
    expect(is_note_good('训'.repeat(note_length_max))).toBe(true);
    expect(is_note_good('𠮷'.repeat(note_length_max))).toBe(true);
    expect(is_note_good('x'.repeat(note_length_max + 1))).toBe(false);
  });
  it('has a colour for each state', () => expect(Object.keys(incident_tones).sort()).toEqual([...incident_states].sort()));
  it('has words for every alarm of the vault', () => {
    const text = Object.values(sources).join();
    const codes = [...text.matchAll(/enum class AlarmKind \{([^}]*)\}/g)].flatMap((each) =>
      (each[1] ?? '').split(',').map((code) => code.trim()),
    );
    expect(codes.length).toBeGreaterThan(2);
    for (const texts of [en, zh]) expect(Object.keys(texts.incidents.whats)).toEqual(expect.arrayContaining(codes));
  });
});
