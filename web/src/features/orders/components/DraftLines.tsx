// Lines of an order that is being typed: SKU with a search in ours, title, quantity, price, and what they come to.
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { AutoComplete, Button, Form, Input } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MoneyText } from '@/shared/components/texts';
import { is_amount, is_quantity, line_total, type Draft } from '../draft';
import { useSkuSearch } from '../queries';

interface Sku {
  code: string;
  title: string;
}

interface SkuFieldProps {
  id?: string;
  value?: string;
  onChange?: (value: string) => void;
  label: string;
  /** Every SKU of ours that a search has shown; the request tells them from the shop's own words. */
  learn: (skus: Sku[]) => void;
  choose: (sku: Sku) => void;
  testid: string;
}

function SkuField({ id, value = '', onChange, label, learn, choose, testid }: SkuFieldProps) {
  const [asked, setAsked] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(value.trim()), 200);
    return () => clearTimeout(timer);
  }, [value]);
  const found = useSkuSearch(asked).data;
  useEffect(() => {
    if (found) learn(found);
  }, [found, learn]);
  return (
    <AutoComplete
      id={id}
      value={value}
      onChange={onChange}
      onSelect={(code: string) => {
        const sku = found?.find((each) => each.code === code);
        if (sku) choose(sku);
      }}
      options={(found ?? []).map((sku) => ({ value: sku.code, label: `${sku.code} · ${sku.title}` }))}
      popupMatchSelectWidth={320}
      aria-label={label}
      data-testid={testid}
    />
  );
}

export function DraftLines({ learn }: { learn: (skus: Sku[]) => void }) {
  const { t } = useTranslation();
  const form = Form.useFormInstance<Draft>();
  const currency = Form.useWatch('currency', form) ?? '';
  const lines = Form.useWatch('lines', form) ?? [];
  const quantity_rule = {
    validator: (_: unknown, text?: string) =>
      is_quantity(text) ? Promise.resolve() : Promise.reject(new Error(t('orders:new.whole_number'))),
  };
  const price_rule = {
    validator: (_: unknown, text?: string) =>
      is_amount(text) ? Promise.resolve() : Promise.reject(new Error(t('orders:new.amount'))),
  };
  return (
    <Form.List name="lines">
      {(fields, { add, remove }) => (
        <>
          <ol className="draft-lines">
            {fields.map(({ key, name }) => {
              const total = line_total(lines[name] ?? {}, currency);
              const number = name + 1;
              return (
                <li key={key} aria-label={t('orders:new.line', { number })} data-testid={`draft-line-${name}`}>
                  <Form.Item
                    name={[name, 'sku']}
                    label={t('orders:new.sku')}
                    rules={[{ required: true, whitespace: true, message: t('form.required') }]}
                  >
                    <SkuField
                      label={t('orders:new.sku')}
                      learn={learn}
                      choose={(sku) => {
                        if (!form.getFieldValue(['lines', name, 'title']))
                          form.setFieldValue(['lines', name, 'title'], sku.title);
                      }}
                      testid={`draft-sku-${name}`}
                    />
                  </Form.Item>
                  <Form.Item name={[name, 'title']} label={t('orders:new.title')}>
                    <Input maxLength={500} />
                  </Form.Item>
                  <Form.Item name={[name, 'quantity']} label={t('orders:new.quantity')} rules={[quantity_rule]}>
                    <Input className="number" inputMode="numeric" data-testid={`draft-quantity-${name}`} />
                  </Form.Item>
                  <Form.Item name={[name, 'unit_price']} label={t('orders:field.unit_price')} rules={[price_rule]}>
                    <Input className="number" inputMode="decimal" data-testid={`draft-price-${name}`} />
                  </Form.Item>
                  <div className="sum">
                    <span className="muted small">{t('orders:new.line_total')}</span>
                    {total === null ? '–' : <MoneyText value={{ amount: total, currency }} />}
                  </div>
                  <Button
                    type="text"
                    icon={<DeleteOutlined />}
                    disabled={fields.length === 1}
                    onClick={() => remove(name)}
                    aria-label={t('orders:new.remove_line', { number })}
                  />
                </li>
              );
            })}
          </ol>
          <Button icon={<PlusOutlined />} onClick={() => add({ quantity: '1' })} data-testid="draft-add-line">
            {t('orders:new.add_line')}
          </Button>
        </>
      )}
    </Form.List>
  );
}
