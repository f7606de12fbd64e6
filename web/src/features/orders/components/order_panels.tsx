// Side panels of an order: parcels, history, notes, tags.
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '@/shared/act';
import type { Order } from '@/shared/api/types';
import { Panel } from '@/shared/components/page';
import { StateTag, TimeText } from '@/shared/components/texts';
import { useWord } from '@/shared/i18n';
import { permission, usePermitted } from '@/shared/session';
import { add_note, change_tags, keys } from '../queries';

export function PackagesPanel({ order }: { order: Order }) {
  const { t } = useTranslation();
  if (order.packages.length === 0) return null;
  return (
    <Panel title={t('orders:packages')} flush>
      <div className="plain-wrap" tabIndex={0}>
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">{t('orders:field.tracking')}</th>
              <th scope="col">{t('field.state')}</th>
              <th scope="col">{t('orders:field.shipped_at')}</th>
              <th scope="col">{t('orders:field.delivered_at')}</th>
            </tr>
          </thead>
          <tbody>
            {order.packages.map((each) => (
              <tr key={each.reference}>
                <td>
                  <div>{each.carrier || '–'}</div>
                  <code className="break">{each.tracking_number || each.reference}</code>
                </td>
                <td>{each.status ? <StateTag scope="package" state={each.status.toLowerCase()} /> : '–'}</td>
                <td>
                  <TimeText value={each.shipped_at} form="minute" />
                </td>
                <td>
                  <TimeText value={each.delivered_at} form="minute" />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

export function HistoryPanel({ order }: { order: Order }) {
  const { t } = useTranslation();
  const word = useWord();
  if (order.history.length === 0) return null;
  return (
    <Panel title={t('orders:history')} testid="order-history">
      <ol className="timeline">
        {order.history.map((each, index) => (
          <li key={index}>
            <div className="row wrap" style={{ gap: 6 }}>
              <span className="strong">{word('history', each.kind)}</span>
              {(each.from || each.to) && (
                <span>
                  {each.from ? `${word('order', each.from)} → ` : ''}
                  {each.to ? word('order', each.to) : ''}
                </span>
              )}
            </div>
            {each.detail && <div>{each.detail}</div>}
            <div className="muted small">
              <TimeText value={each.at} form="minute" /> · {each.actor_name || t('orders:by_system')}
            </div>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

export function NotesPanel({ order }: { order: Order }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const may = usePermitted()(permission.orders_write);
  const add = useAct(add_note, { touches: [keys.orders] });
  return (
    <Panel title={t('orders:notes.title')}>
      <div className="stack">
        {order.notes.length === 0 && !may && <span className="muted">{t('orders:notes.none')}</span>}
        {order.notes.map((each) => (
          <div key={each.id}>
            <div style={{ whiteSpace: 'pre-wrap' }} className="break">
              {each.text}
            </div>
            <div className="muted small">
              {each.by_name} · <TimeText value={each.at} />
            </div>
          </div>
        ))}
        {may && (
          <>
            <Input.TextArea
              autoSize={{ minRows: 2, maxRows: 8 }}
              maxLength={2000}
              value={text}
              onChange={(event) => setText(event.target.value)}
              placeholder={t('orders:notes.placeholder')}
              aria-label={t('orders:notes.placeholder')}
              data-testid="note-text"
            />
            <div className="row between">
              <span className="muted small">{t('orders:notes.no_pii')}</span>
              <Button
                size="small"
                disabled={text.trim() === ''}
                loading={add.isPending}
                onClick={() => add.mutate({ id: order.id, text: text.trim() }, { onSuccess: () => setText('') })}
                data-testid="note-add"
              >
                {t('orders:notes.add')}
              </Button>
            </div>
          </>
        )}
      </div>
    </Panel>
  );
}

export function TagsPanel({ order }: { order: Order }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const may = usePermitted()(permission.orders_write);
  const change = useAct(change_tags, { touches: [keys.orders] });
  const add = () => {
    const tag = text.trim();
    if (tag === '') return;
    change.mutate({ id: order.id, add: [tag], remove: [] }, { onSuccess: () => setText('') });
  };
  return (
    <Panel title={t('orders:field.tags')}>
      <div className="row wrap" style={{ gap: 6 }}>
        {order.tags.map((tag) => (
          <span key={tag} className="chip">
            {tag}
            {may && (
              <button
                type="button"
                className="plain"
                aria-label={t('orders:remove_tag', { tag })}
                onClick={() => change.mutate({ id: order.id, add: [], remove: [tag] })}
              >
                ×
              </button>
            )}
          </span>
        ))}
        {may ? (
          <Input
            size="small"
            style={{ width: 130 }}
            maxLength={40}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onPressEnter={add}
            onBlur={add}
            placeholder={t('orders:add_tag')}
            aria-label={t('orders:add_tag')}
          />
        ) : (
          order.tags.length === 0 && <span className="muted">–</span>
        )}
      </div>
    </Panel>
  );
}
