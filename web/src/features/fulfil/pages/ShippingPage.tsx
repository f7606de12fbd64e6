// The morning of who packs: release orders, enter carrier and tracking number, confirm, next.
import { InboxOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeysetList } from '@/shared/api/list';
import type { ShipmentRow, WaitingOrder } from '@/shared/api/types';
import { DataTable } from '@/shared/components/DataTable';
import { EmptyState } from '@/shared/components/feedback';
import { ChoiceFilter, FilterBar } from '@/shared/components/FilterBar';
import { ListPage } from '@/shared/components/page';
import { country_name, useLocale } from '@/shared/i18n';
import { useUrlFilter } from '@/shared/lib/filters';
import { useKeys } from '@/shared/lib/keys';
import { useNarrow } from '@/shared/lib/media';
import { useShopOptions } from '@/shared/lookups';
import { permission, usePermitted } from '@/shared/session';
import { ReleaseBar, useRelease } from '../components/ReleaseBar';
import { ShipmentDialog } from '../components/ShipmentDialog';
import { shipment_columns, waiting_columns } from '../components/shipping_columns';
import { SlipBar } from '../components/SlipBar';
import { shipping_filter, tabs, useShipmentCounts, type Tab } from '../queries';

const no_one: ReadonlySet<string> = new Set();

export default function ShippingPage() {
  const { t } = useTranslation();
  const narrow = useNarrow();
  const { values, merge, clear } = useUrlFilter(shipping_filter);
  const tab: Tab = tabs.find((each) => each === values.tab) ?? 'to_release';
  const scope = { shop_id: values.shop_id };
  const counts = useShipmentCounts(scope);
  const shops = useShopOptions();
  const show = (each: Tab) => merge({ tab: each === 'to_release' ? undefined : each });
  useKeys(Object.fromEntries(tabs.map((each, index) => [String(index + 1), () => show(each)])));
  const count_of = (each: Tab) => {
    if (!counts.data) return '';
    return `${counts.data[each]}${each === 'to_release' && !counts.data.to_release_exact ? '+' : ''}`;
  };
  return (
    <ListPage
      testid="shipping-page"
      title={t('nav.shipping')}
      note={narrow ? undefined : t('fulfil:keys')}
      filters={
        <>
          <div className="tabs" role="group" aria-label={t('nav.shipping')}>
            {tabs.map((each) => (
              <button
                key={each}
                type="button"
                className={`plain tab${tab === each ? ' on' : ''}`}
                aria-pressed={tab === each}
                onClick={(event) => {
                  // Who clicked goes on with the keys of the table; who came by keyboard stays.
                  if (event.detail > 0) event.currentTarget.blur();
                  show(each);
                }}
                data-testid={`tab-${each}`}
              >
                {t(`fulfil:tab.${each}`)} <span className="tab-count">{count_of(each)}</span>
              </button>
            ))}
          </div>
          <FilterBar active={values.shop_id ? 1 : 0} on_clear={clear}>
            <ChoiceFilter
              label={t('fulfil:field.shop')}
              value={values.shop_id}
              options={shops}
              change={(shop_id) => merge({ shop_id: shop_id as string | undefined })}
            />
          </FilterBar>
        </>
      }
    >
      {tab === 'to_release' ? <Waiting key="waiting" scope={scope} /> : <Shipments key={tab} tab={tab} scope={scope} />}
    </ListPage>
  );
}

type Scope = { shop_id: string | undefined };

function Nothing({ tab }: { tab: Tab }) {
  const { t } = useTranslation();
  return <EmptyState icon={<InboxOutlined />} title={t(`fulfil:none.${tab}`)} text={t('fulfil:none_text')} />;
}

function Waiting({ scope }: { scope: Scope }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const may_release = usePermitted()(permission.shipments_write);
  const list = useKeysetList<WaitingOrder>('/shipments/to-release', scope);
  const [picked, setPicked] = useState<ReadonlySet<string>>(no_one);
  const clear = () => setPicked(no_one);
  const act = useRelease(list.rows, clear);
  const release = () => act.release([...picked]);
  useKeys({ r: release }, may_release && picked.size > 0);
  const columns = waiting_columns(t, (code) => country_name(code, locale));
  if (may_release)
    columns.push({
      id: 'act',
      header: t('field.actions'),
      width: 110,
      align: 'end',
      card: 'aside',
      cell: (row) => (
        <Button size="small" loading={act.pending} onClick={() => act.release([row.order_id])}>
          {t('fulfil:act.release')}
        </Button>
      ),
    });
  return (
    <DataTable
      id="to-release"
      label={t('fulfil:tab.to_release')}
      columns={columns}
      list={list}
      row_key={(row) => row.order_id}
      row_link={(row) => `/orders/${row.order_id}`}
      selection={may_release ? { picked, change: setPicked } : undefined}
      bulk={picked.size > 0 ? <ReleaseBar picked={picked} pending={act.pending} release={release} clear={clear} /> : undefined}
      empty={<Nothing tab="to_release" />}
    />
  );
}

function Shipments({ tab, scope }: { tab: Exclude<Tab, 'to_release'>; scope: Scope }) {
  const { t } = useTranslation();
  const asked = tab === 'problems' ? { ...scope, problems: true } : { ...scope, state: tab };
  const list = useKeysetList<ShipmentRow>('/shipments', asked);
  const [open, setOpen] = useState<string | null>(null);
  const [picked, setPicked] = useState<ReadonlySet<string>>(no_one);
  const may_print = usePermitted()(permission.buyers_reveal) && tab === 'released';
  const columns = useMemo(() => shipment_columns(t, tab), [t, tab]);
  const next = () => {
    const at = list.rows.findIndex((row) => row.id === open);
    // Only in the queue of what is to be packed does one parcel follow the other.
    setOpen(tab === 'released' ? (list.rows[at + 1]?.id ?? null) : null);
  };
  return (
    <>
      <DataTable
        id={`shipments-${tab}`}
        label={t(`fulfil:tab.${tab}`)}
        columns={columns}
        list={list}
        row_key={(row) => row.id}
        on_open={(row) => setOpen(row.id)}
        selection={may_print ? { picked, change: setPicked } : undefined}
        bulk={picked.size > 0 ? <SlipBar rows={list.rows} picked={picked} change={setPicked} /> : undefined}
        empty={<Nothing tab={tab} />}
      />
      {open && <ShipmentDialog id={open} close={() => setOpen(null)} next={next} />}
    </>
  );
}
