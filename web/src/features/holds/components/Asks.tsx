// What was asked of a hold and what became of it; what it keeps is shown here once, for minutes and on record.
import { EyeInvisibleOutlined, UnlockOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '@/shared/act';
import type { LegalHold, LegalHoldAsk, OpenedHold } from '@/shared/api/types';
import { ProblemAlert } from '@/shared/components/feedback';
import { StateTag, TimeText } from '@/shared/components/texts';
import { useWord } from '@/shared/i18n';
import { useRevealed } from '@/shared/revealed';
import { decline_ask, everything, keys, open_hold } from '../queries';
import { ApproveDialog } from './AskDialog';

export function Asks({ hold }: { hold: LegalHold }) {
  const { t } = useTranslation();
  if (hold.asks.length === 0) return <p className="muted">{t('holds:no_asks')}</p>;
  return (
    <ul className="stack plain-list" data-testid="asks">
      {hold.asks.map((each) => (
        <Asked key={each.id} hold={hold} ask={each} />
      ))}
    </ul>
  );
}

function Asked({ hold, ask }: { hold: LegalHold; ask: LegalHoldAsk }) {
  const { t } = useTranslation();
  const [approving, setApproving] = useState(false);
  const decline = useAct(decline_ask, { touches: everything, done: t('holds:declined') });
  const may = (action: string) => ask.allowed_actions.includes(action);
  return (
    <li className="stack tight" data-testid={`ask-${ask.state}`}>
      <div className="row wrap">
        <span className="strong">{ask.asked_by || t('holds:gone')}</span>
        <span>
          {t(`holds:wants.${ask.act}`)} {ask.until && <TimeText value={ask.until} form="minute" />}
        </span>
        <StateTag scope="legal_ask" state={ask.state} />
      </div>
      <span className="break">{ask.why}</span>
      <span className="muted small">
        <TimeText value={ask.asked_at} form="minute" />
        {ask.approved_at && (
          <>
            {' · '}
            {t('holds:approved_by')} {ask.approved_by || t('holds:gone')}, <TimeText value={ask.approved_at} form="minute" />
          </>
        )}
        {ask.declined_at && (
          <>
            {' · '}
            {t('holds:declined_by')} {ask.declined_by || t('holds:gone')}, <TimeText value={ask.declined_at} form="minute" />
          </>
        )}
        {ask.used_at && (
          <>
            {' · '}
            {t('holds:used')} <TimeText value={ask.used_at} form="minute" />
          </>
        )}
      </span>
      <div className="row wrap">
        {may('approve') && (
          <Button size="small" type="primary" onClick={() => setApproving(true)} data-testid="approve">
            {t('holds:act.approve')}
          </Button>
        )}
        {may('decline') && (
          <Button size="small" loading={decline.isPending} onClick={() => decline.mutate({ id: hold.id, ask_id: ask.id })} data-testid="decline">
            {may('approve') ? t('holds:act.decline') : t('holds:act.withdraw')}
          </Button>
        )}
      </div>
      {ask.act === 'open' && <Opening hold={hold} ask={ask} />}
      {approving && <ApproveDialog hold={hold} ask={ask} close={() => setApproving(false)} />}
    </li>
  );
}

function Opening({ hold, ask }: { hold: LegalHold; ask: LegalHoldAsk }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { revealed, seconds, error, asking, ask: open, hide } = useRevealed(() => open_hold({ id: hold.id, ask_id: ask.id }));
  const show = async () => {
    await open();
    await client.invalidateQueries({ queryKey: keys.holds });
  };
  if (revealed)
    return (
      <div className="stack tight" data-testid="opened-hold">
        <OpenedFields hold={hold} opened={revealed} />
        <div className="row wrap">
          <Button size="small" icon={<EyeInvisibleOutlined />} onClick={hide}>
            {t('holds:opened.hide')}
          </Button>
          <span className="muted small">{t('holds:opened.left', { seconds })}</span>
        </div>
      </div>
    );
  return (
    <>
      {ask.allowed_actions.includes('open') && (
        <div className="row wrap">
          <Button size="small" type="primary" icon={<UnlockOutlined />} loading={asking} onClick={() => void show()} data-testid="open-hold">
            {t('holds:act.open')}
          </Button>
          <span className="muted small">{t('holds:opened.once')}</span>
        </div>
      )}
      {error !== null && <ProblemAlert error={error} />}
    </>
  );
}

/** Order by order, in the order of the hold's table. */
export function OpenedFields({ hold, opened }: { hold: LegalHold; opened: OpenedHold }) {
  const word = useWord();
  return (
    <>
      {hold.orders
        .filter((order) => order.found === 'copied')
        .map((order) => (
          <section key={order.order_id} className="stack tight">
            <span className="strong">{order.order_number}</span>
            <dl className="facts">
              {opened.fields
                .filter((each) => each.order_id === order.order_id)
                .map((each) => (
                  <div key={each.field + (each.line_id ?? '')} style={{ display: 'contents' }}>
                    <dt>{word('buyer_field', each.field)}</dt>
                    <dd className="break">{each.value}</dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
    </>
  );
}
