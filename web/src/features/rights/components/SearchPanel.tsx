// Finds the orders of one buyer, exactly. What is looked for lives in the field only: in no address and no cache.
import { SearchOutlined } from '@ant-design/icons';
import { Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { FoundOrders, SearchBuyers } from '@/shared/api/types';
import { EmptyState, Notice, ProblemAlert } from '@/shared/components/feedback';
import { Panel } from '@/shared/components/page';
import { useWord } from '@/shared/i18n';
import { permission, usePermitted } from '@/shared/session';
import { picked_at_first, request_kinds, search_buyers, search_fields } from '../queries';
import { FoundTable } from './FoundTable';
import { OpenDialog } from './OpenDialog';

const no_one: ReadonlySet<string> = new Set();

interface Found {
  answer: FoundOrders;
  asked: Pick<SearchBuyers, 'field' | 'reason'>;
}

export function SearchPanel({ opened }: { opened: (id: string) => void }) {
  const { t } = useTranslation();
  const word = useWord();
  const [form] = Form.useForm<SearchBuyers>();
  const [found, setFound] = useState<Found | null>(null);
  const [picked, setPicked] = useState<ReadonlySet<string>>(no_one);
  const [error, setError] = useState<unknown>(null);
  const [asking, setAsking] = useState(false);
  const [opening, setOpening] = useState(false);
  const permitted = usePermitted();
  const go = useNavigate();
  const search = async (asked: SearchBuyers) => {
    setAsking(true);
    setError(null);
    try {
      const answer = await search_buyers({ ...asked, value: asked.value.trim() });
      setFound({ answer, asked: { field: asked.field, reason: asked.reason } });
      setPicked(picked_at_first(answer.items));
    } catch (problem) {
      setFound(null);
      setError(problem);
    } finally {
      setAsking(false);
    }
  };
  return (
    <Panel title={t('rights:search.title')} testid="rights-search">
      <div className="stack">
        <Form
          form={form}
          layout="vertical"
          requiredMark={false}
          initialValues={{ field: 'buyer_email', reason: 'erasure' }}
          onFinish={(asked) => void search(asked)}
        >
          <div className="row wrap" style={{ alignItems: 'flex-end' }}>
            <Form.Item name="reason" label={t('rights:search.wish')} style={{ minWidth: 170, marginBottom: 0 }}>
              <Select options={request_kinds.map((each) => ({ value: each, label: word('rights_kind', each) }))} />
            </Form.Item>
            <Form.Item name="field" label={t('rights:search.field')} style={{ minWidth: 150, marginBottom: 0 }}>
              <Select options={search_fields.map((each) => ({ value: each, label: word('rights_field', each) }))} />
            </Form.Item>
            <Form.Item
              name="value"
              label={t('rights:search.value')}
              style={{ flex: 1, minWidth: 220, marginBottom: 0 }}
              rules={[{ required: true, whitespace: true, message: t('form.required') }]}
            >
              <Input autoComplete="off" spellCheck={false} maxLength={320} data-testid="search-value" />
            </Form.Item>
            <Button type="primary" htmlType="submit" icon={<SearchOutlined />} loading={asking} data-testid="search-go">
              {t('rights:search.go')}
            </Button>
          </div>
        </Form>
        <span className="muted small">{t('rights:search.noted')}</span>
        <ProblemAlert error={error} />
        {found && found.answer.items.length === 0 && (
          <EmptyState
            title={t('rights:search.nothing')}
            text={found.asked.field === 'order_number' ? t('rights:search.no_order') : t('rights:search.nothing_text')}
            action={
              <Button onClick={() => setOpening(true)} data-testid="open-empty">
                {t('rights:search.open_empty')}
              </Button>
            }
          />
        )}
        {found && found.answer.items.length > 0 && (
          <>
            {!found.answer.complete && <Notice tone="warn">{t('rights:search.more')}</Notice>}
            <FoundTable orders={found.answer.items} picked={picked} change={setPicked} />
            <div className="row wrap">
              <Button type="primary" disabled={picked.size === 0} onClick={() => setOpening(true)} data-testid="open-request">
                {t('rights:open.act', { count: picked.size })}
              </Button>
              {permitted(permission.buyers_hold) && (
                <Button disabled={picked.size === 0} onClick={() => void go('/legal-holds', { state: { order_ids: [...picked] } })} data-testid="hold-orders">
                  {t('holds:place')}
                </Button>
              )}
              <span className="muted small">{t('rights:search.check_identity')}</span>
            </div>
          </>
        )}
      </div>
      {opening && found && (
        <OpenDialog
          kind={found.asked.reason}
          order_ids={[...picked]}
          close={() => setOpening(false)}
          done={(id) => {
            setOpening(false);
            setFound(null);
            form.resetFields(['value']);
            opened(id);
          }}
        />
      )}
    </Panel>
  );
}
