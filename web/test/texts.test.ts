// Both languages hold the same keys, every key that the code names exists, and no text is empty.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { files_under, source } from './files';

type Tree = { [key: string]: string | Tree };

const locales = join(source, 'locales');
const plural = /_(zero|one|two|few|many|other)$/;

function flatten(tree: Tree, prefix: string, into: Map<string, string>): void {
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') into.set(prefix + key, value);
    else flatten(value, `${prefix}${key}.`, into);
  }
}

function texts_of(language: string): Map<string, string> {
  const all = new Map<string, string>();
  for (const file of readdirSync(join(locales, language)).filter((name) => name.endsWith('.json'))) {
    flatten(JSON.parse(readFileSync(join(locales, language, file), 'utf8')) as Tree, `${file.slice(0, -5)}:`, all);
  }
  return all;
}

const english = texts_of('en');
const chinese = texts_of('zh-CN');
const base = (texts: Map<string, string>) => new Set([...texts.keys()].map((key) => key.replace(plural, '')));
const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((found) => found[1]).sort();

describe('texts', () => {
  it('are the same keys in both languages', () => {
    expect([...base(english)].sort()).toEqual([...base(chinese)].sort());
  });

  it('are never empty', () => {
    for (const [key, text] of [...english, ...chinese]) expect(text.trim(), key).not.toBe('');
  });

  it('have the plural forms that their language needs', () => {
    for (const key of english.keys()) if (key.endsWith('_one')) expect(english.has(key.replace(/_one$/, '_other')), key).toBe(true);
    for (const key of chinese.keys()) expect(/_(one|few|many)$/.test(key), key).toBe(false);
  });

  it('ask for the same values', () => {
    for (const [key, text] of english) {
      const other = chinese.get(key) ?? chinese.get(key.replace(plural, '_other'));
      expect(other, key).toBeDefined();
      const here = holes(text);
      // A singular may leave its number out.
      expect(holes(other ?? '').filter((name) => here.includes(name) || !key.endsWith('_one')), key).toEqual(here);
    }
  });

  it('exist for every key that the code names', () => {
    const known = base(english);
    const missing: string[] = [];
    for (const file of files_under(source).filter((name) => /\.tsx?$/.test(name))) {
      for (const found of readFileSync(file, 'utf8').matchAll(/\bt\(\s*'([^']+)'/g)) {
        const key = found[1] ?? '';
        const full = key.includes(':') ? key : `common:${key}`;
        if (!known.has(full)) missing.push(`${file}: ${key}`);
      }
    }
    expect(missing).toEqual([]);
  });

  it('exist for every key that the code puts together', () => {
    const known = [...base(english)];
    const missing: string[] = [];
    for (const file of files_under(source).filter((name) => /\.tsx?$/.test(name))) {
      for (const found of readFileSync(file, 'utf8').matchAll(/\bt\(\s*`([^`$]*)\$\{/g)) {
        const start = found[1] ?? '';
        const full = start.includes(':') ? start : `common:${start}`;
        if (!known.some((key) => key.startsWith(full))) missing.push(`${file}: ${start}`);
      }
    }
    expect(missing).toEqual([]);
  });
});
