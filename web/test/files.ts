// Files of the console's source, for tests that read it.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

export const source = new URL('../src', import.meta.url).pathname;

export function files_under(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? files_under(path) : [path];
  });
}
