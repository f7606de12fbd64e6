// One hold: until when, what it keeps, what was asked of it, and what proves its end.
import { DownloadOutlined } from '@ant-design/icons';
import { Button, Drawer } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { LegalHold, LegalHoldAsk } from '@/shared/api/types';
import { Notice, ProblemAlert, SkeletonLines } from '@/shared/components/feedback';
import { Facts, Panel } from '@/shared/components/page';
import { StateTag, TimeText } from '@/shared/components/texts';
import { useWord } from '@/shared/i18n';
import { save_text } from '@/shared/lib/browser';
import { hold_acts, useHold } from '../queries';
import { AskDialog } from './AskDialog';
import { Asks } from './Asks';

export function HoldDrawer({ id, close }: { id: string | undefined; close: () => void }) {
  const { t } = useTranslation();
  const hold = useHold(id);
  return (
    <Drawer open={id !== undefined} onClose={close} size={680} title={t('holds:hold')}>
      <ProblemAlert error={hold.error} retry={() => void hold.refetch()} />
      {hold.isLoading && <SkeletonLines lines={8} />}
      {hold.data && <HoldView hold={hold.data} />}
    </Drawer>
  );
}

export function HoldView({ hold }: { hold: LegalHold }) {
  const { t } = useTranslation();
  const word = useWord();
  const items: [string, React.ReactNode][] = [
    [t('holds:field.reference'), <span key="reference" className="break">{hold.reference}</span>],
    [t('holds:field.reason'), word('legal_reason', hold.reason)],
    [t('holds:field.state'), <StateTag key="state" scope="legal_hold" state={hold.state} />],
    [t('holds:field.ends_at'), <TimeText key="ends" value={hold.ends_at} form="minute" />],
    [
      t('holds:field.placed_by'),
      <span key="placed">
        {hold.placed_by || t('holds:gone')}, <TimeText value={hold.placed_at} form="minute" />
      </span>,
    ],
  ];
  if (hold.ended_at)
    items.push([
      t('holds:field.ended'),
      <span key="ended">
        <TimeText value={hold.ended_at} form="minute" /> {hold.ending && word('legal_ending', hold.ending)}
      </span>,
    ]);
  return (
    <div className="stack loose" data-testid="legal-hold" data-state={hold.state}>
      <Facts items={items} />
      {hold.state === 'ending' && <Notice>{t('holds:ending_text')}</Notice>}
      {hold.state === 'ended' && <Notice>{t('holds:ended_text')}</Notice>}
      <Acts hold={hold} />
      <Panel title={t('holds:asks')}>
        <Asks hold={hold} />
      </Panel>
      <Panel title={t('holds:orders_title')} flush>
        <HeldOrders hold={hold} />
      </Panel>
    </div>
  );
}

function HeldOrders({ hold }: { hold: LegalHold }) {
  const { t } = useTranslation();
  return (
    <table className="plain-table stacks" data-testid="held-orders">
      <thead>
        <tr>
          <th scope="col">{t('holds:field.order')}</th>
          <th scope="col">{t('holds:field.found')}</th>
          <th scope="col">{t('holds:field.fields')}</th>
        </tr>
      </thead>
      <tbody>
        {hold.orders.map((each) => (
          <tr key={each.order_id}>
            <td>
              <Link to={`/orders/${each.order_id}`}>{each.order_number}</Link>
              <div className="muted small">{each.shop_name}</div>
            </td>
            <td>
              <StateTag scope="legal_found" state={each.found} />
            </td>
            <td>{each.fields}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Acts({ hold }: { hold: LegalHold }) {
  const { t } = useTranslation();
  const [dialog, setDialog] = useState<LegalHoldAsk['act'] | null>(null);
  return (
    <div className="row wrap">
      {hold_acts
        .filter((each) => hold.allowed_actions.includes(`ask_${each}`))
        .map((each) => (
          <Button key={each} type={each === 'open' ? 'primary' : 'default'} onClick={() => setDialog(each)} data-testid={`ask-${each}`}>
            {t(`holds:act.ask_${each}`)}
          </Button>
        ))}
      {hold.receipt && (
        <Button icon={<DownloadOutlined />} onClick={() => save_text(`hold-${hold.id}.json`, `${hold.receipt}\n`)} data-testid="hold-receipt">
          {t('holds:receipt')}
        </Button>
      )}
      {dialog && <AskDialog hold={hold} act={dialog} close={() => setDialog(null)} />}
    </div>
  );
}
