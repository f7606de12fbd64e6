// One order: lines, money that foots, parcels, history, notes, source, and the true state of its buyer data.
import { ReloadOutlined } from '@ant-design/icons';
import { Button, Dropdown, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useAct } from '@/shared/act';
import type { Order } from '@/shared/api/types';
import { Notice, permission, PermissionGuard, ProblemAlert, SkeletonLines } from '@/shared/components/feedback';
import { DetailPage, Facts, Panel } from '@/shared/components/page';
import { StateTag, TimeText } from '@/shared/components/texts';
import { country_name, useLocale, useWord } from '@/shared/i18n';
import { usePermitted } from '@/shared/session';
import { HandMoves } from '../components/HandMoves';
import { HistoryPanel, NotesPanel, PackagesPanel, TagsPanel } from '../components/order_panels';
import { LinesPanel } from '../components/LinesPanel';
import { ShipmentsPanel } from '../components/ShipmentsPanel';
import { hold_order, keys, release_order, repull_order, useOrder } from '../queries';

export default function OrderPage() {
  const { id = '' } = useParams();
  const order = useOrder(id);
  if (order.isPending) return <SkeletonLines lines={10} />;
  if (!order.data)
    return (
      <div className="page">
        <ProblemAlert error={order.error} retry={() => void order.refetch()} />
      </div>
    );
  return <OrderView order={order.data} />;
}

function Actions({ order }: { order: Order }) {
  const { t } = useTranslation();
  const [holding, setHolding] = useState(false);
  const [reason, setReason] = useState('');
  const hold = useAct(hold_order, { touches: [keys.orders], done: t('orders:hold_done') });
  const release = useAct(release_order, { touches: [keys.orders], done: t('orders:release_done') });
  const repull = useAct(repull_order, { touches: [keys.orders], done: t('orders:repull_done') });
  const may = usePermitted();
  const allowed = (action: string) => order.allowed_actions.includes(action);
  return (
    <PermissionGuard needs={permission.orders_write} quiet>
      {order.hold
        ? allowed('release') && (
            <Button type="primary" loading={release.isPending} onClick={() => release.mutate(order.id)} data-testid="order-release">
              {t('orders:act.release')}
            </Button>
          )
        : allowed('hold') && (
            <Button onClick={() => setHolding(true)} data-testid="order-hold">
              {t('orders:act.hold')}
            </Button>
          )}
      <HandMoves order={order} />
      {order.source.channel === 'amazon' && may(permission.shops_write) && (
        <Dropdown
          trigger={['click']}
          menu={{
            items: [{ key: 'repull', icon: <ReloadOutlined />, label: t('orders:act.repull') }],
            onClick: () => repull.mutate({ shop_id: order.shop_id, channel_order_id: order.channel_order_id }),
          }}
        >
          <Button aria-label={t('orders:act.more')}>⋯</Button>
        </Dropdown>
      )}
      <Modal
        open={holding}
        title={t('orders:act.hold')}
        okText={t('orders:act.hold')}
        okButtonProps={{ disabled: reason.trim() === '', loading: hold.isPending }}
        onCancel={() => setHolding(false)}
        onOk={() =>
          hold.mutate(
            { id: order.id, reason: reason.trim() },
            {
              onSuccess: () => {
                setHolding(false);
                setReason('');
              },
            },
          )
        }
      >
        <Input
          autoFocus
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          placeholder={t('field.reason')}
          aria-label={t('field.reason')}
          data-testid="hold-reason"
        />
      </Modal>
    </PermissionGuard>
  );
}

function OrderView({ order }: { order: Order }) {
  const { t } = useTranslation();
  const word = useWord();
  const locale = useLocale();
  const { windows, source } = order;
  const own = source.origin === 'manual' || source.origin === 'api';
  const span = (from: string | null, to: string | null) =>
    from || to ? (
      <span>
        <TimeText value={from} form="minute" /> → <TimeText value={to} form="minute" />
      </span>
    ) : (
      '–'
    );
  return (
    <DetailPage
      testid="order-page"
      title={order.channel_order_id}
      back={{ to: '/orders', label: t('nav.orders') }}
      tags={
        <>
          <StateTag scope="order" state={order.state} />
          {order.held && <StateTag scope="order" state="held" tone="warn" />}
        </>
      }
      note={
        <>
          {order.shop_name}
          {order.marketplace_name ? ` · ${order.marketplace_name}` : ''} · <TimeText value={order.ordered_at} form="minute" />
        </>
      }
      actions={<Actions order={order} />}
    >
      {order.hold && (
        <Notice tone="warn">
          <span className="strong">{t('orders:held_because')}</span> {word('hold_reason', order.hold.reason)}{' '}
          <span className="muted">
            {order.hold.by} · <TimeText value={order.hold.at} />
          </span>
        </Notice>
      )}
      {order.exceptions.filter((each) => each.state === 'open').map((each) => (
        <Notice
          key={each.id}
          tone="bad"
          action={
            <Link to={`/exceptions?kind=${each.kind}`} className="nowrap">
              {t('orders:exceptions.resolve')}
            </Link>
          }
        >
          <span className="strong">{word('exception_kind', each.kind)}</span> {each.subject && <code>{each.subject}</code>}{' '}
          {word('exception_why', each.kind)}
        </Notice>
      ))}
      <div className="columns">
        <div className="stack" style={{ gap: 16 }}>
          <LinesPanel order={order} />
          <ShipmentsPanel order={order} />
          <PackagesPanel order={order} />
          <HistoryPanel order={order} />
        </div>
        <div className="stack" style={{ gap: 16 }}>
          <Panel title={t('orders:pii.title')} testid="pii-state">
            <div className="stack tight">
              {!own && (
                <div>
                  <StateTag
                    scope="pii"
                    state={order.pii_state}
                    tone={order.pii_state === 'held' ? 'info' : order.pii_state === 'restricted' ? 'warn' : 'neutral'}
                  />
                </div>
              )}
              <p className="muted">{own ? t('orders:pii_of_own') : t(`orders:pii.${order.pii_state}`)}</p>
            </div>
          </Panel>
          <Panel title={t('orders:delivery')}>
            <Facts
              items={[
                [t('orders:field.country'), order.ship_country ? country_name(order.ship_country, locale) : '–'],
                [t('orders:field.fulfilled_by'), word('fulfilled', order.fulfilled_by)],
                [t('orders:field.ship_by'), span(windows.ship_by_from, windows.ship_by_to)],
                [t('orders:field.deliver_by'), span(windows.deliver_by_from, windows.deliver_by_to)],
                ...(order.programs.length > 0
                  ? ([[t('orders:field.programs'), order.programs.map((each) => word('program', each)).join(', ')]] as [
                      string,
                      React.ReactNode,
                    ][])
                  : []),
              ]}
            />
          </Panel>
          <TagsPanel order={order} />
          <NotesPanel order={order} />
          <Panel title={t('orders:source.title')}>
            <Facts
              items={[
                [t('orders:source.channel'), word('channel', source.channel)],
                [t('orders:source.operation'), <code key="operation">{source.operation}</code>],
                [t('orders:source.origin'), word('origin', source.origin)],
                [t('orders:field.channel_state'), order.channel_state],
                [t('orders:source.received_at'), <TimeText key="received" value={source.received_at} form="minute" />],
                [t('problem.request_id'), <code key="request">{source.request_id || '–'}</code>],
              ]}
            />
          </Panel>
        </div>
      </div>
    </DetailPage>
  );
}
