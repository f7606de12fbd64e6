// Languages of the console. Only the chosen language is loaded; texts live in src/locales.
import { useCallback } from 'react';
import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import { read_stored, write_stored } from './lib/stored';

export const languages = ['en', 'zh-CN'] as const;
export type Language = (typeof languages)[number];

export const language_names: Record<Language, string> = { en: 'English', 'zh-CN': '简体中文' };

type Texts = Record<string, Record<string, unknown>>;

const loaders: Record<Language, () => Promise<{ default: Texts }>> = {
  en: () => import('../locales/en/index'),
  'zh-CN': () => import('../locales/zh-CN/index'),
};

export function preferred_language(): Language {
  const stored = read_stored<string>('language', '');
  if ((languages as readonly string[]).includes(stored)) return stored as Language;
  return navigator.languages.some((each) => each.toLowerCase().startsWith('zh')) ? 'zh-CN' : 'en';
}

async function load(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, 'common')) return;
  const texts = (await loaders[language]()).default;
  for (const [namespace, values] of Object.entries(texts)) i18next.addResourceBundle(language, namespace, values);
}

export async function start_i18n(): Promise<void> {
  const language = preferred_language();
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    defaultNS: 'common',
    ns: ['common'],
    resources: {},
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  await load(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

export async function change_language(language: Language): Promise<void> {
  await load(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  write_stored('language', language);
}

export function useLocale(): Language {
  const { i18n } = useTranslation();
  return i18n.language === 'zh-CN' ? 'zh-CN' : 'en';
}

/** Text of a word that the server may extend: its translation, else the word itself. */
export function useWord(): (scope: string, word: string) => string {
  const { t, i18n } = useTranslation();
  return useCallback(
    (scope: string, word: string) => {
      const key = `words:${scope}.${word}`;
      return i18n.exists(key) ? t(key) : word;
    },
    [t, i18n],
  );
}

const regions = new Map<string, Intl.DisplayNames>();

export function country_name(code: string, locale: string): string {
  let names = regions.get(locale);
  if (!names) {
    names = new Intl.DisplayNames([locale], { type: 'region', fallback: 'code' });
    regions.set(locale, names);
  }
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
}
