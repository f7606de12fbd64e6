// Ctrl/⌘-K: one field that finds orders, SKUs and shops, and goes to any page.
import { EnterOutlined, SearchOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Input, Modal } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api } from '../api/client';
import type { SearchAnswer } from '../api/types';
import { useWord } from '../i18n';

export interface Destination {
  to: string;
  label: string;
  keys?: string;
}

/** Shortest text that the server looks up. */
const search_length_min = 3;

interface Entry {
  group: string;
  label: string;
  note: string;
  to: string;
}

export function CommandPalette({
  open,
  close,
  destinations,
}: {
  open: boolean;
  close: () => void;
  destinations: Destination[];
}) {
  const { t } = useTranslation();
  const word = useWord();
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [asked, setAsked] = useState('');
  const [at, setAt] = useState(0);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), 150);
    return () => clearTimeout(timer);
  }, [text]);
  useEffect(() => {
    if (open) {
      setText('');
      setAt(0);
    }
  }, [open]);
  const found = useQuery({
    queryKey: ['/search', asked],
    queryFn: ({ signal }) => api.get<SearchAnswer>('/search', { q: asked }, signal),
    enabled: open && asked.length >= search_length_min,
    staleTime: 10_000,
  });

  const entries = useMemo<Entry[]>(() => {
    const wanted = text.trim().toLowerCase();
    const pages = destinations
      .filter((each) => each.label.toLowerCase().includes(wanted))
      .slice(0, wanted === '' ? 20 : 5)
      .map((each) => ({ group: t('palette.pages'), label: each.label, note: each.keys ?? '', to: each.to }));
    if (asked.length < search_length_min || !found.data) return pages;
    return [
      ...(found.data.orders ?? []).map((each) => ({
        group: t('palette.orders'),
        label: each.channel_order_id,
        note: `${each.shop_name} · ${word('order', each.state)}`,
        to: `/orders/${each.id}`,
      })),
      ...(found.data.skus ?? []).map((each) => ({
        group: t('palette.skus'),
        label: each.code,
        note: each.title,
        to: `/orders?sku=${encodeURIComponent(each.code)}`,
      })),
      ...(found.data.shops ?? []).map((each) => ({
        group: t('palette.shops'),
        label: each.name,
        note: '',
        to: `/shops/${each.id}`,
      })),
      ...pages,
    ];
  }, [asked, destinations, found.data, t, text, word]);

  const go = (entry: Entry | undefined) => {
    if (!entry) return;
    close();
    void navigate(entry.to);
  };
  const on_key = (event: React.KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt((value) => Math.min(entries.length - 1, value + 1));
    else if (event.key === 'ArrowUp') setAt((value) => Math.max(0, value - 1));
    else if (event.key === 'Enter') go(entries[at]);
    else return;
    event.preventDefault();
  };

  return (
    <Modal
      open={open}
      onCancel={close}
      footer={null}
      closable={false}
      width={600}
      style={{ top: 72 }}
      destroyOnHidden
      title={<span className="sr-only">{t('palette.title')}</span>}
      classNames={{ header: 'sr-only' }}
    >
      <div onKeyDown={on_key} data-testid="palette">
        <Input
          autoFocus
          size="large"
          variant="borderless"
          prefix={<SearchOutlined className="muted" />}
          placeholder={t('palette.placeholder')}
          aria-label={t('palette.placeholder')}
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={entries[at] ? `palette-${at}` : undefined}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          data-testid="palette-input"
        />
        <div
          id="palette-list"
          role="listbox"
          aria-label={t('palette.title')}
          className="palette-list"
        >
          {entries.map((entry, index) => (
            <div key={`${entry.to}${index}`}>
              {(index === 0 || entries[index - 1]?.group !== entry.group) && (
                <div className="nav-group" role="presentation">
                  {entry.group}
                </div>
              )}
              <div
                id={`palette-${index}`}
                role="option"
                aria-selected={index === at}
                className={index === at ? 'palette-entry at' : 'palette-entry'}
                onMouseEnter={() => setAt(index)}
                onClick={() => go(entry)}
              >
                <span className="strong nowrap">{entry.label}</span>
                <span className="muted clip grow">{entry.note}</span>
                {index === at && <EnterOutlined className="muted" />}
              </div>
            </div>
          ))}
          {asked.length >= search_length_min && found.isFetched && entries.length === 0 && (
            <div className="empty">{t('palette.nothing', { text: asked })}</div>
          )}
        </div>
        <div className="row muted small palette-foot">
          <kbd>↑</kbd>
          <kbd>↓</kbd> {t('palette.move')} <kbd>↵</kbd> {t('palette.open')} <kbd>?</kbd> {t('palette.all_keys')}
        </div>
      </div>
    </Modal>
  );
}
