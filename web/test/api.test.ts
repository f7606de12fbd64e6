// Every address that the console asks is one of the API's, with its verb.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { files_under, source } from './files';

type Paths = Record<string, Record<string, unknown>>;
const { paths } = JSON.parse(readFileSync(new URL('../../api/openapi.json', import.meta.url), 'utf8')) as { paths: Paths };

const verbs: Record<string, string> = { get: 'get', post: 'post', create: 'post', upload: 'post', put: 'put', remove: 'delete' };
const shape = (path: string) => path.replace(/\$?\{[^}]*\}+/g, '{}');
const known = new Set(
  Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((verb) => `${verb} ${shape(path)}`)),
);

function asked(): string[] {
  const found: string[] = [];
  for (const file of files_under(source).filter((name) => /\.tsx?$/.test(name))) {
    const text = readFileSync(file, 'utf8');
    for (const call of text.matchAll(/\bapi\.(get|post|create|put|remove|upload)(?:<[^(]*>)?\(\s*['`]([^'`]+)['`]/g)) {
      found.push(`${verbs[call[1] ?? '']} /api/v1${shape(call[2] ?? '')}`);
    }
    for (const call of text.matchAll(/\b(?:useKeysetList<\w+>\(|api_url\(|ExportButton path=)['`]([^'`]+)['`]/g)) {
      found.push(`get /api/v1${shape(call[1] ?? '')}`);
    }
  }
  return [...new Set(found)];
}

describe('addresses', () => {
  it('are the API\'s', () => expect(asked().filter((each) => !known.has(each))).toEqual([]));
  it('are found in the source', () => expect(asked().length).toBeGreaterThan(50));
});
