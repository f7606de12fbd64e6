// Every check of the server has its words in both languages, and so has everything that it can find; lists keep their sections.
import { describe, expect, it } from 'vitest';
import en from '@/locales/en/compliance.json';
import zh from '@/locales/zh-CN/compliance.json';
import type { PromiseLine } from '@/shared/api/types';
import { sections_of } from './queries';

const sources = import.meta.glob<string>('../../../../src/modules/compliance/*checks.cpp', {
  query: '?raw',
  eager: true,
  import: 'default',
});

/** "check.code" of every finding in the server's source, with the figures that it carries. */
function findings_of_server(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const text of Object.values(sources)) {
    for (const [, check, body] of text.matchAll(/^Awaitable<Finding> (\w+)\([^)]*\) \{\n([\s\S]*?)^\}/gm)) {
      const figures = new Set([...(body ?? '').matchAll(/(?:\{|figures\[)"(\w+)"[,\]]/g)].map((each) => each[1] ?? ''));
      for (const [, code] of (body ?? '').matchAll(/State::\w+,\s*"(\w+)"/g)) found.set(`${check}.${code}`, figures);
    }
  }
  return found;
}

type Found = Record<string, Record<string, string>>;
const text_of = (found: Found, name: string) => {
  const [check, code] = name.split('.');
  return found[check ?? '']?.[code ?? ''];
};

describe('words of proofs', () => {
  const findings = [...findings_of_server()];
  it('finds the findings in the server', () => expect(findings.length).toBeGreaterThan(40));
  it.each([
    ['English', en],
    ['Chinese', zh],
  ])('has all in %s', (_, texts) => {
    expect(findings.map(([name]) => name).filter((name) => !text_of(texts.found as Found, name))).toEqual([]);
    const checks = new Set(findings.map(([name]) => name.split('.')[0] ?? ''));
    expect(Object.keys(texts.check).sort()).toEqual([...checks].sort());
  });
  it('asks only for figures that the server gives', () => {
    const wrong = findings.flatMap(([name, figures]) =>
      [...(text_of(en.found as Found, name) ?? '').matchAll(/\{\{(\w+)\}\}/g)]
        .map((hole) => hole[1] ?? '')
        .filter((hole) => !figures.has(hole))
        .map((hole) => `${name} ${hole}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('sections', () => {
  const line = (id: string, policy: 'zh' | 'en', section: string) =>
    ({ id, policy, section, section_title: { en: section, zh: section } }) as PromiseLine;
  it('follow the policies', () => {
    const sections = sections_of([line('ZH-1.1', 'zh', '1'), line('ZH-1.2', 'zh', '1'), line('EN-use-1', 'en', 'use')]);
    expect(sections.map((each) => each.lines.map((one) => one.id))).toEqual([['ZH-1.1', 'ZH-1.2'], ['EN-use-1']]);
  });
  it('are none without promises', () => expect(sections_of([])).toEqual([]));
});
