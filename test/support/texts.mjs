// Looks for texts in files as they might have been written: as they are, in UTF-16, base64 or hex.
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

const slot_bits = 22;
const piece = 8 << 20;
const tail = 1 << 10;

/** The part of base64 that a text has wherever it stands in what was encoded: one string for each of three offsets. */
function base64_forms(text) {
  const bytes = Buffer.from(text);
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64').replace(/=+$/, '');
    return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
  });
}

/** name of the form → its bytes */
export function forms_of(text) {
  const wide = Buffer.from(text, 'utf16le');
  const hex = Buffer.from(text).toString('hex');
  return {
    utf8: Buffer.from(text),
    utf16le: wide,
    utf16be: Buffer.from(wide).swap16(),
    ...Object.fromEntries(base64_forms(text).map((form, offset) => [`base64+${offset}`, Buffer.from(form)])),
    hex: Buffer.from(hex),
    HEX: Buffer.from(hex.toUpperCase()),
  };
}

/** Finds any of many texts in any form. Each is at least four bytes. */
export class TextFinder {
  #slots = new Uint8Array(1 << slot_bits);
  #by_start = new Map();
  constructor(texts) {
    for (const text of texts)
      for (const [form, bytes] of Object.entries(forms_of(text))) {
        const start = bytes.readUInt32LE(0);
        this.#slots[this.#slot(start)] = 1;
        if (!this.#by_start.has(start)) this.#by_start.set(start, []);
        this.#by_start.get(start).push({ bytes, found: `${text} (${form})` });
      }
  }
  #slot(word) {
    return (Math.imul(word, 0x9e3779b1) >>> (32 - slot_bits)) | 0;
  }

  /** Texts in a buffer, each with its form; at most `most`. */
  in_buffer(buffer, most = 5) {
    const found = [];
    let word = 0;
    for (let at = 0; at < buffer.length; at += 1) {
      word = ((word >>> 8) | (buffer[at] << 24)) >>> 0;
      if (this.#slots[this.#slot(word)] === 0 || at < 3) continue;
      for (const each of this.#by_start.get(word) ?? []) {
        const from = at - 3;
        if (buffer.compare(each.bytes, 0, each.bytes.length, from, Math.min(buffer.length, from + each.bytes.length)) !== 0) continue;
        found.push(each.found);
        if (found.length >= most) return found;
      }
    }
    return found;
  }

  in_file(path) {
    const file = openSync(path, 'r');
    try {
      const buffer = Buffer.alloc(piece + tail);
      const found = [];
      let kept = 0;
      for (;;) {
        const read = readSync(file, buffer, kept, piece, null);
        if (read === 0) return found;
        const filled = kept + read;
        found.push(...this.in_buffer(buffer.subarray(0, filled)));
        if (found.length > 0) return found;
        kept = Math.min(tail, filled);
        buffer.copy(buffer, 0, filled - kept, filled);
      }
    } finally {
      closeSync(file);
    }
  }

  /** `{files, bytes, hits}` of a folder and all below it; a hit is a path with what is in it. */
  in_folder(folder) {
    const out = { files: 0, bytes: 0, hits: [] };
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath ?? entry.path, entry.name);
      try {
        out.bytes += statSync(path).size;
        out.hits.push(...this.in_file(path).map((what) => `${path}: ${what}`));
        out.files += 1;
      } catch (error) {
        // A database renews its files while it is looked through.
        if (error.code !== 'ENOENT') throw error;
      }
    }
    return out;
  }
}
