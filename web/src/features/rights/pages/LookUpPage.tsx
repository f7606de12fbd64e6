// Customer service finds the orders of a buyer who names none. What is looked for lives in the field only, and nothing of the buyer is shown.
import { SearchOutlined } from '@ant-design/icons';
import { Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { as_problem } from '@/shared/api/problem';
import type { FoundOrder, FoundOrders, LookUpBuyer } from '@/shared/api/types';
import { EmptyState, Notice, ProblemAlert, useFieldText } from '@/shared/components/feedback';
import { PageHead, Panel } from '@/shared/components/page';
import { StateTag, TimeText } from '@/shared/components/texts';
import { useWord } from '@/shared/i18n';
import { look_up_buyer, look_up_fields } from '../queries';

export default function LookUpPage() {
  const { t } = useTranslation();
  const word = useWord();
  const field_text = useFieldText();
  const [form] = Form.useForm<LookUpBuyer>();
  const [found, setFound] = useState<FoundOrders | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [asking, setAsking] = useState(false);
  const search = async (asked: LookUpBuyer) => {
    setAsking(true);
    setError(null);
    try {
      setFound(await look_up_buyer({ ...asked, value: asked.value.trim(), case_reference: asked.case_reference.trim() }));
    } catch (problem) {
      setFound(null);
      setError(problem);
      form.setFields(
        (as_problem(problem).fields ?? []).map((each) => ({
          name: each.pointer.slice(1) as keyof LookUpBuyer,
          errors: [field_text(each.code, each.detail)],
        })),
      );
    } finally {
      setAsking(false);
    }
  };
  return (
    <div className="page" data-testid="look-up-page">
      <PageHead title={t('nav.buyers')} note={t('rights:look_up.note')} />
      <Panel title={t('rights:look_up.title')}>
        <div className="stack">
          <Form
            form={form}
            layout="vertical"
            requiredMark={false}
            initialValues={{ field: 'buyer_email' }}
            onFinish={(asked) => void search(asked)}
          >
            <div className="row wrap" style={{ alignItems: 'flex-start', gap: 12 }}>
              <Form.Item name="field" label={t('rights:look_up.field')} style={{ minWidth: 150 }}>
                <Select options={look_up_fields.map((each) => ({ value: each, label: word('rights_field', each) }))} />
              </Form.Item>
              <Form.Item
                name="value"
                label={t('rights:look_up.value')}
                style={{ flex: 1, minWidth: 220 }}
                rules={[{ required: true, whitespace: true, message: t('form.required') }]}
              >
                <Input autoComplete="off" spellCheck={false} maxLength={320} data-testid="look-up-value" />
              </Form.Item>
              <Form.Item
                name="case_reference"
                label={t('rights:look_up.reference')}
                extra={t('rights:look_up.reference_note')}
                style={{ flex: 1, minWidth: 200 }}
                rules={[{ required: true, whitespace: true, message: t('form.required') }]}
              >
                <Input autoComplete="off" spellCheck={false} maxLength={40} data-testid="look-up-case" />
              </Form.Item>
            </div>
            <Button type="primary" htmlType="submit" icon={<SearchOutlined />} loading={asking} data-testid="look-up-go">
              {t('rights:look_up.go')}
            </Button>
          </Form>
          <ProblemAlert error={error} />
          {found && found.items.length === 0 && (
            <EmptyState title={t('rights:look_up.nothing')} text={t('rights:look_up.nothing_text')} />
          )}
          {found && found.items.length > 0 && (
            <>
              {!found.complete && <Notice tone="warn">{t('rights:search.more')}</Notice>}
              <Found orders={found.items} />
            </>
          )}
        </div>
      </Panel>
    </div>
  );
}

function Found({ orders }: { orders: FoundOrder[] }) {
  const { t } = useTranslation();
  return (
    <table className="plain-table stacks" data-testid="looked-up-orders">
      <caption className="sr-only">{t('rights:look_up.found')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('rights:field.order')}</th>
          <th scope="col">{t('rights:field.order_state')}</th>
          <th scope="col">{t('rights:field.shop')}</th>
          <th scope="col">{t('rights:field.ordered')}</th>
        </tr>
      </thead>
      <tbody>
        {orders.map((each) => (
          <tr key={each.order_id}>
            <td>
              <Link to={`/orders/${each.order_id}`}>{each.order_number}</Link>
            </td>
            <td>
              <StateTag scope="order" state={each.order_state} />
            </td>
            <td>{each.shop_name}</td>
            <td>
              <TimeText value={each.ordered_at} form="minute" />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
