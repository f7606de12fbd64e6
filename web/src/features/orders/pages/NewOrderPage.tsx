// An order that no marketplace reports: a fair, a telephone, samples. Typed, checked, added, opened.
import { Button, Form, Input, Select } from 'antd';
import { useCallback, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { useAct } from '@/shared/act';
import { as_problem, Problem } from '@/shared/api/problem';
import type { Shop } from '@/shared/api/types';
import { EmptyState, NotGranted, Notice, ProblemAlert, SkeletonLines, useFieldText } from '@/shared/components/feedback';
import { DetailPage, Panel } from '@/shared/components/page';
import { MoneyText } from '@/shared/components/texts';
import { country_name, useLocale } from '@/shared/i18n';
import { common_countries, common_currencies, useShops } from '@/shared/lookups';
import { permission, usePermitted, useTenantZone } from '@/shared/session';
import { useMayAddOrders } from '../add_rights';
import { DraftLines } from '../components/DraftLines';
import { draft_request, draft_total, is_amount, split_problems, type Draft } from '../draft';
import { add_order, keys } from '../queries';

const lines_shown_first = [{ quantity: '1' }];

export default function NewOrderPage() {
  const { t } = useTranslation();
  const shops = useShops();
  const may = useMayAddOrders();
  const may_make_shop = usePermitted()(permission.shops_write);
  const own = (shops.data ?? []).filter((shop) => shop.channel === 'file');
  return (
    <DetailPage testid="new-order-page" title={t('orders:act.new')} back={{ to: '/orders', label: t('nav.orders') }}>
      {!may ? (
        <NotGranted />
      ) : shops.isPending ? (
        <SkeletonLines lines={8} />
      ) : shops.error ? (
        <ProblemAlert error={shops.error} retry={() => void shops.refetch()} />
      ) : own.length === 0 ? (
        <EmptyState
          title={t('orders:new.no_shop')}
          text={t('orders:new.no_shop_text')}
          action={may_make_shop && <Link to="/shops/connect?way=file&then=order">{t('orders:new.make_shop')}</Link>}
        />
      ) : (
        <OrderForm shops={own} />
      )}
    </DetailPage>
  );
}

function place_of(shop: Shop | undefined) {
  const only = shop?.marketplaces.length === 1 ? shop.marketplaces[0] : undefined;
  return { currency: only?.currency ?? 'USD', ship_country: only?.country, marketplace_id: only?.id };
}

function OrderForm({ shops }: { shops: Shop[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const first = shops.find((shop) => shop.id === params.get('shop_id')) ?? shops[0];
  const zone = useTenantZone();
  const field_text = useFieldText();
  const [form] = Form.useForm<Draft>();
  const known = useRef(new Set<string>());
  const learn = useCallback((skus: { code: string }[]) => skus.forEach((sku) => known.current.add(sku.code)), []);
  // One key for one content: a click repeated after a lost answer adds nothing twice.
  const sent = useRef({ content: '', key: '' });
  const add = useAct(add_order, {
    touches: [keys.orders, keys.exceptions],
    done: (added) => t('orders:new.done', { number: added.channel_order_id }),
    quiet: true,
  });
  const submit = (draft: Draft) => {
    const order = draft_request(draft, known.current, zone);
    const content = JSON.stringify(order);
    if (sent.current.content !== content) sent.current = { content, key: crypto.randomUUID() };
    add.mutate(
      { order, key: sent.current.key },
      {
        onSuccess: (added) => void navigate(`/orders/${added.id}`),
        onError: (error) => {
          const { placed } = split_problems(as_problem(error).fields);
          form.setFields(
            placed.map(([name, each]) => ({
              name: name as never,
              errors: [field_text(each.code, each.detail)],
            })),
          );
          if (placed[0]) form.scrollToField(placed[0][0], { block: 'center' });
        },
      },
    );
  };
  return (
    <Form<Draft>
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={{ shop_id: first?.id, lines: lines_shown_first, ...place_of(first) }}
      onValuesChange={(changed: Partial<Draft>) => {
        if (changed.shop_id) form.setFieldsValue(place_of(shops.find((shop) => shop.id === changed.shop_id)));
      }}
      onFinish={submit}
    >
      <div className="stack" style={{ gap: 16 }}>
        <HeadPanel shops={shops} zone={zone} />
        <Panel title={t('orders:new.lines')}>
          <div className="stack">
            <p className="muted small">{t('orders:new.sku_note')}</p>
            <DraftLines learn={learn} />
          </div>
        </Panel>
        <Panel title={t('orders:new.more')}>
          <Charges />
        </Panel>
        <Notice>{t('orders:new.no_pii')}</Notice>
        <ProblemAlert error={add.error && without_placed(add.error)} />
        <div className="row between wrap draft-foot">
          <Total />
          <Button type="primary" htmlType="submit" size="large" loading={add.isPending} data-testid="new-order-submit">
            {t('orders:new.submit')}
          </Button>
        </div>
      </div>
    </Form>
  );
}

/** The problem without the complaints that stand at their fields already. */
function without_placed(error: Error): Problem {
  const problem = as_problem(error);
  const { rest } = split_problems(problem.fields);
  return new Problem({
    status: problem.status,
    code: problem.code,
    detail: problem.detail,
    request_id: problem.request_id,
    errors: rest,
  });
}

function HeadPanel({ shops, zone }: { shops: Shop[]; zone: string }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const form = Form.useFormInstance<Draft>();
  const shop_id = Form.useWatch('shop_id', form);
  const marketplaces = shops.find((shop) => shop.id === shop_id)?.marketplaces ?? [];
  const required = { required: true, message: t('form.required') };
  return (
    <Panel title={t('orders:new.head')}>
      <div className="thirds" style={{ gap: '0 16px' }}>
        <Form.Item name="shop_id" label={t('orders:field.shop')} rules={[required]}>
          <Select options={shops.map((shop) => ({ value: shop.id, label: shop.name }))} data-testid="new-order-shop" />
        </Form.Item>
        <Form.Item
          name="marketplace_id"
          label={t('orders:field.marketplace')}
          rules={[required]}
          hidden={marketplaces.length <= 1}
        >
          <Select options={marketplaces.map((each) => ({ value: each.id, label: each.name }))} />
        </Form.Item>
        <Form.Item name="channel_order_id" label={t('orders:new.number')} extra={t('orders:new.number_note')}>
          <Input autoFocus maxLength={100} autoComplete="off" data-testid="new-order-number" />
        </Form.Item>
        <Form.Item
          name="ordered_at"
          label={t('orders:new.ordered_at')}
          extra={t('orders:new.ordered_at_note', { zone })}
        >
          <Input type="datetime-local" />
        </Form.Item>
        <Form.Item name="ship_country" label={t('orders:new.country')}>
          <Select
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            options={common_countries.map((each) => ({ value: each, label: `${each} ${country_name(each, locale)}` }))}
            data-testid="new-order-country"
          />
        </Form.Item>
        <Form.Item name="currency" label={t('orders:new.currency')} rules={[required]}>
          <Select
            showSearch
            options={common_currencies.map((each) => ({ value: each, label: each }))}
            data-testid="new-order-currency"
          />
        </Form.Item>
      </div>
    </Panel>
  );
}

function Charges() {
  const { t } = useTranslation();
  const rule = {
    validator: (_: unknown, text?: string) =>
      !text?.trim() || is_amount(text) ? Promise.resolve() : Promise.reject(new Error(t('orders:new.amount'))),
  };
  return (
    <div className="thirds" style={{ gap: '0 16px' }}>
      {(['shipping', 'tax', 'discount'] as const).map((name) => (
        <Form.Item key={name} name={name} label={t(`orders:money.${name}`)} rules={[rule]}>
          <Input className="number" inputMode="decimal" />
        </Form.Item>
      ))}
    </div>
  );
}

function Total() {
  const { t } = useTranslation();
  const draft = Form.useWatch([], Form.useFormInstance<Draft>()) as Partial<Draft> | undefined;
  const amount = draft_total(draft ?? {});
  return (
    <div data-testid="new-order-total" data-amount={amount} aria-live="polite">
      <span className="muted">{t('orders:new.total')}</span>{' '}
      <span className="strong draft-total">
        <MoneyText value={{ amount, currency: draft?.currency ?? '' }} />
      </span>
    </div>
  );
}
