// Every act that the server can write into the audit has a name in both languages.
import { describe, expect, it } from 'vitest';
import en from '@/locales/en/words.json';
import zh from '@/locales/zh-CN/words.json';

const sources = import.meta.glob<string>(['../../../../src/**/*.cpp', '!**/*test.cpp'], { query: '?raw', eager: true, import: 'default' });

function acts_of_server(): string[] {
  const acts = new Set<string>();
  for (const text of Object.values(sources)) {
    for (const call of text.matchAll(/audit::(?:done|refused)\(([^;]*);/g)) {
      for (const act of call[1]?.matchAll(/\{"([a-z]+\.[a-z_]+)"/g) ?? []) acts.add(act[1] ?? '');
    }
  }
  return [...acts];
}

function name_of(words: Record<string, Record<string, string>>, act: string) {
  const [module, verb] = act.split('.');
  return words[module ?? '']?.[verb ?? ''];
}

describe('names of acts', () => {
  it('finds the acts in the server', () => expect(acts_of_server().length).toBeGreaterThan(40));
  it('has every one in English', () => expect(acts_of_server().filter((act) => !name_of(en.act, act))).toEqual([]));
  it('has every one in Chinese', () => expect(acts_of_server().filter((act) => !name_of(zh.act, act))).toEqual([]));
});
