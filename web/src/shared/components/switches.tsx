// Language and theme, one click each.
import { BulbOutlined, GlobalOutlined, MoonOutlined, SunOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import { useTranslation } from 'react-i18next';
import { change_language, language_names, languages, useLocale, type Language } from '../i18n';
import { useTheme, type ThemeChoice } from '../theme';

export function LanguageSwitch() {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        selectedKeys: [locale],
        items: languages.map((each) => ({ key: each, label: <span lang={each}>{language_names[each]}</span> })),
        onClick: ({ key }) => void change_language(key as Language),
      }}
    >
      <Button type="text" icon={<GlobalOutlined />} aria-label={t('language')} data-testid="language-switch" />
    </Dropdown>
  );
}

export function ThemeSwitch() {
  const { t } = useTranslation();
  const { choice, name, choose } = useTheme();
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        selectedKeys: [choice],
        items: [
          { key: 'light', label: t('theme.light'), icon: <SunOutlined /> },
          { key: 'dark', label: t('theme.dark'), icon: <MoonOutlined /> },
          { key: 'system', label: t('theme.system'), icon: <BulbOutlined /> },
        ],
        onClick: ({ key }) => choose(key as ThemeChoice),
      }}
    >
      <Button
        type="text"
        icon={name === 'dark' ? <MoonOutlined /> : <SunOutlined />}
        aria-label={t('theme.title')}
        data-testid="theme-switch"
      />
    </Dropdown>
  );
}
