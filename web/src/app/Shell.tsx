// Frame of the signed-in console: side bar, top bar, page; on a phone a bottom bar for the thumb.
import { LogoutOutlined, MenuFoldOutlined, MenuOutlined, MenuUnfoldOutlined, SearchOutlined, SettingOutlined, UserOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Drawer, Dropdown } from 'antd';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, NavLink, Outlet, useLocation, useNavigate, useNavigation } from 'react-router';
import { api } from '../shared/api/client';
import type { ExceptionSummary } from '../shared/api/types';
import { CommandPalette } from '../shared/components/CommandPalette';
import { LanguageSwitch, ThemeSwitch } from '../shared/components/switches';
import { useKeys, type KeyMap } from '../shared/lib/keys';
import { useStored } from '../shared/lib/stored';
import { permission, usePermitted, useRefreshSession, useSession } from '../shared/session';
import { KeysHelp } from './KeysHelp';
import { nav_groups, nav_items, type NavItem } from './navigation';

function useOnline(): boolean {
  return useSyncExternalStore(
    (notify) => {
      window.addEventListener('online', notify);
      window.addEventListener('offline', notify);
      return () => {
        window.removeEventListener('online', notify);
        window.removeEventListener('offline', notify);
      };
    },
    () => navigator.onLine,
  );
}

function useOpenExceptions(): number {
  const permitted = usePermitted()(permission.orders_read);
  const summary = useQuery({
    queryKey: ['/orders/exceptions', 'summary'],
    queryFn: ({ signal }) => api.get<ExceptionSummary>('/orders/exceptions/summary', {}, signal),
    enabled: permitted,
    refetchInterval: 60_000,
  });
  return (summary.data?.items ?? []).reduce((sum, each) => sum + each.count, 0);
}

function NavEntry({ item, count, on_click }: { item: NavItem; count: number; on_click?: () => void }) {
  const { t } = useTranslation();
  return (
    <NavLink to={item.to} end={item.to === '/'} className="nav-link" onClick={on_click} title={t(item.label)}>
      {item.icon}
      <span>{t(item.label)}</span>
      {count > 0 && <span className="nav-count">{count > 999 ? '999+' : count}</span>}
    </NavLink>
  );
}

function Navigation({ items, exceptions, on_click }: { items: NavItem[]; exceptions: number; on_click?: () => void }) {
  const { t } = useTranslation();
  return (
    <nav aria-label={t('nav.title')}>
      {nav_groups.map((group) => {
        const members = items.filter((each) => each.group === group);
        if (members.length === 0) return null;
        return (
          <div key={group}>
            {group !== 'work' && <div className="nav-group">{t(`nav.group_${group}`)}</div>}
            {members.map((item) => (
              <NavEntry key={item.to} item={item} count={item.to === '/exceptions' ? exceptions : 0} on_click={on_click} />
            ))}
          </div>
        );
      })}
    </nav>
  );
}

function UserMenu() {
  const { t } = useTranslation();
  const session = useSession().data;
  const navigate = useNavigate();
  const refresh = useRefreshSession();
  const client = useQueryClient();
  const sign_out = async () => {
    await api.post('/sign-out').catch(() => undefined);
    client.clear();
    await refresh().catch(() => undefined);
    void navigate('/sign-in', { replace: true });
  };
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          {
            key: 'who',
            disabled: true,
            label: (
              <div>
                <div className="strong">{session?.user?.name}</div>
                <div className="small">{session?.user?.email}</div>
                <div className="small">{session?.tenant?.legal_name}</div>
              </div>
            ),
          },
          { type: 'divider' },
          { key: 'settings', icon: <SettingOutlined />, label: t('nav.settings') },
          { key: 'sign-out', icon: <LogoutOutlined />, label: t('nav.sign_out') },
        ],
        onClick: ({ key }) => {
          if (key === 'settings') void navigate('/settings');
          if (key === 'sign-out') void sign_out();
        },
      }}
    >
      <Button type="text" icon={<UserOutlined />} aria-label={t('nav.account')} data-testid="user-menu" />
    </Dropdown>
  );
}

/** The thumb's bar has room for four; who has more than packing to look at finds shipping in the menu. */
function for_thumbs(items: NavItem[]): NavItem[] {
  const wanted = items.filter((each) => each.thumb);
  return wanted.length > 4 ? wanted.filter((each) => each.to !== '/shipping') : wanted;
}

export function Shell() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const navigation = useNavigation();
  const location = useLocation();
  const permitted = usePermitted();
  const online = useOnline();
  const exceptions = useOpenExceptions();
  const [folded, setFolded] = useStored('side.folded', false);
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const [drawer, setDrawer] = useState(false);
  const items = nav_items.filter((each) => !each.needs || permitted(each.needs));

  const keys: KeyMap = {
    'mod+k': () => setPalette((value) => !value),
    '?': () => setHelp(true),
    '[': () => setFolded(!folded),
  };
  for (const item of items) keys[`g ${item.key}`] = () => void navigate(item.to);
  if (permitted(permission.insight_read)) keys['g d'] = () => void navigate('/');
  useKeys(keys);
  // In braces: what scrollTo returns must not become the effect's clean-up.
  useEffect(() => {
    document.getElementById('main')?.scrollTo(0, 0);
  }, [location.pathname]);

  return (
    <div className={folded ? 'shell folded' : 'shell'}>
      <a className="skip-link" href="#main">
        {t('nav.skip')}
      </a>
      <aside className="side">
        <Link to="/" className="brand">
          <img src="/favicon.svg" alt="" />
          <span>Entrepot</span>
        </Link>
        <Navigation items={items} exceptions={exceptions} />
        <div style={{ padding: 8 }}>
          <Button
            type="text"
            icon={folded ? <MenuUnfoldOutlined /> : <MenuFoldOutlined />}
            aria-label={folded ? t('nav.unfold') : t('nav.fold')}
            onClick={() => setFolded(!folded)}
          />
        </div>
      </aside>
      <header className="top">
        <button type="button" className="plain search-box" onClick={() => setPalette(true)} data-testid="open-palette">
          <SearchOutlined />
          <span className="clip">{t('palette.placeholder')}</span>
          <kbd>{navigator.userAgent.includes('Mac') ? '⌘K' : 'Ctrl K'}</kbd>
        </button>
        <span className="grow" />
        <LanguageSwitch />
        <ThemeSwitch />
        <UserMenu />
      </header>
      <main className="main" id="main" tabIndex={-1} aria-busy={navigation.state === 'loading'}>
        {!online && (
          <div className="banner" role="status">
            {t('offline')}
          </div>
        )}
        <Outlet />
      </main>
      <nav className="bottom-nav" aria-label={t('nav.title')}>
        {for_thumbs(items)
          .map((item) => (
            <NavLink key={item.to} to={item.to} end={item.to === '/'}>
              {item.icon}
              <span>{t(item.label)}</span>
              {item.to === '/exceptions' && exceptions > 0 && (
                <span className="nav-count">{exceptions > 99 ? '99+' : exceptions}</span>
              )}
            </NavLink>
          ))}
        <button type="button" className="plain" onClick={() => setDrawer(true)} data-testid="nav-more">
          <MenuOutlined />
          <span>{t('nav.more')}</span>
        </button>
      </nav>
      <Drawer open={drawer} onClose={() => setDrawer(false)} placement="left" size={260} title="Entrepot">
        <Navigation items={items} exceptions={exceptions} on_click={() => setDrawer(false)} />
      </Drawer>
      <CommandPalette
        open={palette}
        close={() => setPalette(false)}
        destinations={items.map((each) => ({ to: each.to, label: t(each.label), keys: `g ${each.key}` }))}
      />
      <KeysHelp open={help} close={() => setHelp(false)} items={items} />
    </div>
  );
}
