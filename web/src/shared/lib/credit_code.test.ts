// Check characters of GB 32100-2015: codes with a right one pass, every single-character slip fails.
import { describe, expect, it } from 'vitest';
import { credit_code_check_character, credit_code_fault } from './credit_code';

const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
// Printed in public registers: Alibaba (China), Tencent Computer Systems, Huawei Technologies, Xiaomi Communications.
const right = ['91330100799655058B', '9144030071526726XG', '914403001922038216', '91110108551385082Q'];

describe('credit code', () => {
  it.each(right)('accepts %s', (code) => expect(credit_code_fault(code)).toBeNull());

  it('accepts small letters and blanks around', () => expect(credit_code_fault(' 91330100799655058b ')).toBeNull());

  it('names what is wrong first', () => {
    expect(credit_code_fault('9133010079965505')).toBe('length');
    expect(credit_code_fault('91330100799655058I')).toBe('character');
    expect(credit_code_fault('913301007996550580')).toBe('check');
    expect(credit_code_fault('')).toBe('length');
  });

  it('finds every change of one character', () => {
    for (const code of right) {
      for (let at = 0; at < 18; at += 1) {
        for (const other of alphabet) {
          if (other === code[at]) continue;
          expect(credit_code_fault(code.slice(0, at) + other + code.slice(at + 1))).toBe('check');
        }
      }
    }
  });

  it('finds every swap of neighbours that changes the code', () => {
    for (const code of right) {
      for (let at = 0; at < 17; at += 1) {
        const [a, b] = [code[at], code[at + 1]];
        if (a === b) continue;
        expect(credit_code_fault(code.slice(0, at) + b + a + code.slice(at + 2))).toBe('check');
      }
    }
  });

  it('completes the first seventeen', () => {
    for (const code of right) expect(credit_code_check_character(code.slice(0, 17))).toBe(code[17]);
    expect(credit_code_check_character('I')).toBeNull();
  });
});
