// Providers around all pages: data cache, theme, language of components, router.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { App as AntApp, ConfigProvider } from 'antd';
import type { Locale } from 'antd/es/locale';
import en_texts from 'antd/es/locale/en_US';
import { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import { RouterProvider } from 'react-router';
import { when_signed_out } from '../shared/api/client';
import { as_problem, is_transient } from '../shared/api/problem';
import { useLocale } from '../shared/i18n';
import { useMedia } from '../shared/lib/media';
import { read_stored, write_stored } from '../shared/lib/stored';
import { session_key } from '../shared/session';
import { antd_config, ThemeContext, type ThemeChoice } from '../shared/theme';
import { router } from './routes';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: true,
      retry: (count, error) => count < 2 && is_transient(as_problem(error)),
    },
  },
});

// A dead session empties the cache, so that nothing of it stays on screen; the guard then leads to sign-in.
when_signed_out(() => {
  client.removeQueries({ predicate: (query) => query.queryKey[0] !== session_key[0] });
  void client.invalidateQueries({ queryKey: session_key });
});

function ThemeProvider({ children }: { children: ReactNode }) {
  const dark_system = useMedia('(prefers-color-scheme: dark)');
  const narrow = useMedia('(max-width: 760px)');
  const locale = useLocale();
  const [choice, setChoice] = useState<ThemeChoice>(() => read_stored<ThemeChoice>('theme', 'system'));
  const name = choice === 'system' ? (dark_system ? 'dark' : 'light') : choice;
  document.documentElement.dataset.theme = name;
  const choose = useCallback((next: ThemeChoice) => {
    setChoice(next);
    write_stored('theme', next);
  }, []);
  const value = useMemo(() => ({ choice, name, choose }) as const, [choice, name, choose]);
  const [texts, setTexts] = useState<Locale>(en_texts);
  useEffect(() => {
    if (locale === 'en') setTexts(en_texts);
    else
      void Promise.all([import('antd/es/locale/zh_CN'), import('dayjs/locale/zh-cn')]).then(([made]) =>
        setTexts(made.default),
      );
  }, [locale]);
  const config = useMemo(() => {
    const made = antd_config(name);
    // Fingers need larger targets than a mouse.
    return narrow ? { ...made, token: { ...made.token, fontSize: 14, controlHeight: 36 } } : made;
  }, [name, narrow]);
  return (
    <ThemeContext.Provider value={value}>
      <ConfigProvider theme={config} locale={texts} wave={{ disabled: true }} button={{ autoInsertSpace: false }}>
        <AntApp message={{ maxCount: 3 }} style={{ height: '100%' }}>
          {children}
        </AntApp>
      </ConfigProvider>
    </ThemeContext.Provider>
  );
}

export function App() {
  return (
    <QueryClientProvider client={client}>
      <ThemeProvider>
        <RouterProvider router={router} />
      </ThemeProvider>
    </QueryClientProvider>
  );
}
