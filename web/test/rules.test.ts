// The house's rules for this folder: features stay apart, one clock, one door to the API, no float for money.
import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { files_under, source } from './files';

const files = files_under(source).filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name) && !name.endsWith('.d.ts'));
const text_of = (file: string) => readFileSync(file, 'utf8');
const name_of = (file: string) => relative(source, file);
const layer_of = (file: string) => name_of(file).split('/')[0] ?? '';
const feature_of = (file: string) => /^features\/(\w+)\//.exec(name_of(file))?.[1];

function imports_of(file: string): string[] {
  return [...text_of(file).matchAll(/(?:from\s+|import\()\s*'([^']+)'/g)]
    .map((found) => found[1] ?? '')
    .filter((name) => name.startsWith('.') || name.startsWith('@/'))
    .map((name) => (name.startsWith('@/') ? resolve(source, name.slice(2)) : resolve(dirname(file), name)));
}

/** What each import breaks, in words; empty when the rules hold. */
export function broken_import(from: string, to: string): string | null {
  const [here, there] = [feature_of(from), feature_of(to)];
  if (here && there && here !== there) return `${name_of(from)} reaches into the feature ${there}`;
  if (layer_of(from) === 'shared' && ['features', 'app'].includes(layer_of(to))) return `${name_of(from)} reaches up to ${name_of(to)}`;
  if (here && layer_of(to) === 'app') return `${name_of(from)} reaches up to ${name_of(to)}`;
  return null;
}

describe('rules', () => {
  it('sees a breach when there is one', () => {
    const of = (name: string) => resolve(source, name);
    expect(broken_import(of('features/orders/pages/A.tsx'), of('features/catalog/queries'))).toMatch(/catalog/);
    expect(broken_import(of('shared/x.ts'), of('features/orders/queries'))).toMatch(/up/);
    expect(broken_import(of('features/orders/pages/A.tsx'), of('features/orders/queries'))).toBeNull();
  });

  it('features import only themselves and what is shared', () => {
    const broken = files.flatMap((file) => imports_of(file).flatMap((to) => broken_import(file, to) ?? []));
    expect(broken).toEqual([]);
  });

  const forbidden: [string, RegExp, RegExp][] = [
    ['the clock is read in shared/clock.ts only', /Date\.now\(|new Date\(\s*\)/, /^shared\/clock\.ts$/],
    ['the API is reached through shared/api/client.ts only', /\bfetch\(/, /^shared\/api\/client\.ts$/],
    ['floats only for drawing', /parseFloat|\.toFixed\(/, /^shared\/lib\/decimal\.ts$/],
    ['no "any"', /(:\s*any\b|as any\b|<any>)/, /^$/],
    ['no markup from text', /dangerouslySetInnerHTML|\.innerHTML\b/, /^$/],
    ['no address of another host', /['"`]https?:\/\/(?!…)/, /^$/],
  ];
  it.each(forbidden)('%s', (_, pattern, except) => {
    const broken = files.filter((file) => !except.test(name_of(file)) && pattern.test(text_of(file).replace(/^\s*\/\/.*$/gm, '')));
    expect(broken.map(name_of)).toEqual([]);
  });

  it('features speak to the server in queries.ts only', () => {
    const broken = files.filter(
      (file) => feature_of(file) && !file.endsWith('/queries.ts') && /shared\/api\/client'/.test(text_of(file)),
    );
    expect(broken.map(name_of)).toEqual([]);
  });

  it('every file begins by saying what it is for, and none is too long', () => {
    for (const file of files) {
      expect(text_of(file).startsWith('//'), name_of(file)).toBe(true);
      expect(text_of(file).split('\n').length, name_of(file)).toBeLessThan(600);
    }
  });
});
