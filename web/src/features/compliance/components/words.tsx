// Words of proofs: a state in word and colour, a text in the reader's language, what a check found.
import { useTranslation } from 'react-i18next';
import { StateTag, type Tone } from '@/shared/components/texts';
import { useLocale } from '@/shared/i18n';

const tones: Record<string, Tone> = { green: 'good', amber: 'warn', red: 'bad' };

export function ProofTag({ state }: { state: string }) {
  return <StateTag scope="proof" state={state} tone={tones[state]} />;
}

export interface BothLanguages {
  en: string;
  zh: string;
}

export function useOwnText(): (text: BothLanguages) => string {
  const locale = useLocale();
  return (text) => (locale === 'zh-CN' ? text.zh : text.en);
}

/** What a check found, in a sentence; a code that we do not know yet is shown as it is. */
export function useFoundText(): (check: string, code: string, figures: Record<string, number>) => string {
  const { t, i18n } = useTranslation();
  return (check, code, figures) => {
    if (code === 'cannot_run') return t('compliance:cannot_run');
    const key = `compliance:found.${check}.${code}`;
    return i18n.exists(key) ? t(key, figures) : code;
  };
}

export function useCheckText(): (check: string, part: 'name' | 'looks_at') => string {
  const { t, i18n } = useTranslation();
  return (check, part) => {
    const key = `compliance:check.${check}.${part}`;
    return i18n.exists(key) ? t(key) : check;
  };
}
