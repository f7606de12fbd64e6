// Acts on the picked orders; what the server refused is listed with its reason.
import { App, Button, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '@/shared/act';
import type { BulkAnswer, OrderRow } from '@/shared/api/types';
import { useProblemText } from '@/shared/components/feedback';
import { bulk_act, bulk_limit, keys, type BulkAct } from '../queries';

type Asked = 'hold' | 'add_tag' | 'remove_tag';

export function BulkBar({
  picked,
  rows,
  clear,
}: {
  picked: ReadonlySet<string>;
  rows: OrderRow[];
  clear: () => void;
}) {
  const { t, i18n } = useTranslation();
  const { modal, message } = App.useApp();
  const problem_text = useProblemText();
  const [asking, setAsking] = useState<Asked | null>(null);
  const [text, setText] = useState('');
  const act = useAct(bulk_act, { touches: [keys.orders] });
  const number_of = (id: string) => rows.find((row) => row.id === id)?.channel_order_id ?? id;
  const report = (answer: BulkAnswer) => {
    if (answer.refused.length === 0) {
      void message.success(t('orders:bulk.done', { count: answer.done.length }));
    } else {
      modal.warning({
        title: t('orders:bulk.partly', { done: answer.done.length, refused: answer.refused.length }),
        width: 560,
        content: (
          <ul style={{ maxHeight: 300, overflowY: 'auto' }}>
            {answer.refused.map((each) => (
              <li key={each.id}>
                <span className="strong">{number_of(each.id)}</span>{' '}
                {i18n.exists(`errors:${each.code}`) ? t(`errors:${each.code}`) : each.detail || problem_text(each)}
              </li>
            ))}
          </ul>
        ),
      });
    }
    clear();
  };
  const run = (input: Omit<BulkAct, 'order_ids'>) =>
    act.mutate(
      { ...input, order_ids: [...picked] },
      {
        onSuccess: (answer) => {
          setAsking(null);
          setText('');
          report(answer);
        },
      },
    );
  const too_many = picked.size > bulk_limit;
  return (
    <div className="bulk" role="toolbar" aria-label={t('orders:bulk.title')} data-testid="bulk-bar">
      <span className="strong">{t('orders:bulk.picked', { count: picked.size })}</span>
      {too_many && <span className="down">{t('orders:bulk.over_limit', { limit: bulk_limit })}</span>}
      <Button size="small" disabled={too_many} onClick={() => setAsking('hold')} data-testid="bulk-hold">
        {t('orders:act.hold')}
      </Button>
      <Button size="small" disabled={too_many} onClick={() => run({ action: 'release' })}>
        {t('orders:act.release')}
      </Button>
      <Button size="small" disabled={too_many} onClick={() => setAsking('add_tag')}>
        {t('orders:act.add_tag')}
      </Button>
      <Button size="small" disabled={too_many} onClick={() => setAsking('remove_tag')}>
        {t('orders:act.remove_tag')}
      </Button>
      <span className="grow" />
      <Button size="small" type="text" onClick={clear}>
        {t('orders:bulk.clear')}
      </Button>
      <Modal
        open={asking !== null}
        title={asking ? t(`orders:act.${asking}`) : ''}
        okButtonProps={{ disabled: text.trim() === '', loading: act.isPending }}
        onCancel={() => setAsking(null)}
        onOk={() => {
          if (asking === 'hold') run({ action: 'hold', reason: text.trim() });
          else if (asking) run({ action: asking, tag: text.trim() });
        }}
      >
        <Input
          autoFocus
          value={text}
          onChange={(event) => setText(event.target.value)}
          placeholder={asking === 'hold' ? t('field.reason') : t('orders:field.tag')}
          aria-label={asking === 'hold' ? t('field.reason') : t('orders:field.tag')}
          data-testid="bulk-text"
        />
      </Modal>
    </div>
  );
}
