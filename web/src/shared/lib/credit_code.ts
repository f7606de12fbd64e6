// Check of the unified social credit code of mainland China (GB 32100-2015):
// 18 characters of a 31-letter alphabet, the last one the check character by weights 3^i mod 31.

const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';

export type CreditCodeFault = 'length' | 'character' | 'check';

export function credit_code_check_character(first17: string): string | null {
  let sum = 0;
  let weight = 1;
  for (const character of first17) {
    const value = alphabet.indexOf(character);
    if (value < 0) return null;
    sum += value * weight;
    weight = (weight * 3) % 31;
  }
  return alphabet[(31 - (sum % 31)) % 31] ?? null;
}

/** null when the code is right, else what is wrong with it first. */
export function credit_code_fault(text: string): CreditCodeFault | null {
  const code = text.trim().toUpperCase();
  for (const character of code) if (!alphabet.includes(character)) return 'character';
  if (code.length !== 18) return 'length';
  return credit_code_check_character(code.slice(0, 17)) === code[17] ? null : 'check';
}
