// Where a parcel goes: shown on demand to who ships it, for as long as the server allows, kept nowhere.
import { EyeInvisibleOutlined, EyeOutlined, PrinterOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Revealed, Shipment } from '@/shared/api/types';
import { Notice, ProblemAlert } from '@/shared/components/feedback';
import { useWord } from '@/shared/i18n';
import { useRevealed } from '@/shared/revealed';
import { permission, usePermitted } from '@/shared/session';
import { print_pack_slip, reveal_recipient } from '../queries';
import { useSlipTab } from '../slip_tab';

/** As an address is written on a parcel; what belongs on no parcel stands below it. */
const address_order = [
  'recipient_name',
  'recipient_company',
  'address_line1',
  'address_line2',
  'address_line3',
  'district',
  'city',
  'region',
  'postal_code',
] as const;

function Address({ revealed }: { revealed: Revealed }) {
  const word = useWord();
  const first = revealed.fields.filter((each) => address_order.some((name) => name === each.field));
  const lines = address_order.flatMap((name) => first.filter((each) => each.field === name));
  const others = revealed.fields.filter((each) => !lines.includes(each));
  return (
    <div className="stack" style={{ gap: 4 }} data-testid="recipient-address">
      <address style={{ fontStyle: 'normal' }} className="strong break">
        {lines.map((each) => (
          <div key={each.field}>{each.value}</div>
        ))}
      </address>
      {others.map((each) => (
        <div key={each.field}>
          <span className="muted">{word('buyer_field', each.field)}</span> {each.value}
        </div>
      ))}
    </div>
  );
}

function PackSlipButton({ shipment }: { shipment: string }) {
  const { t } = useTranslation();
  const slip = useSlipTab(() => print_pack_slip(shipment));
  return (
    <>
      <Button icon={<PrinterOutlined />} loading={slip.asking} onClick={() => void slip.print()} data-testid="pack-slip">
        {t('fulfil:recipient.print')}
      </Button>
      {slip.error !== null && <ProblemAlert error={slip.error} retry={() => void slip.print()} />}
    </>
  );
}

export function RecipientPanel({ shipment }: { shipment: Shipment }) {
  const { t } = useTranslation();
  const word = useWord();
  const may = usePermitted()(permission.buyers_reveal);
  const { revealed, seconds, error, asking, ask, hide } = useRevealed(() => reveal_recipient(shipment.id));
  const open = ['released', 'confirming', 'shipped', 'failed'].includes(shipment.state);
  if (revealed)
    return (
      <div className="stack" style={{ gap: 8 }} data-testid="recipient" data-shown>
        <Address revealed={revealed} />
        <div className="row wrap">
          <Button size="small" icon={<EyeInvisibleOutlined />} onClick={hide}>
            {t('fulfil:recipient.hide')}
          </Button>
          <span className="muted small">{t('fulfil:recipient.left', { seconds })}</span>
        </div>
      </div>
    );
  return (
    <div className="stack" style={{ gap: 8 }} data-testid="recipient" data-state={shipment.pii_state}>
      {error !== null && <ProblemAlert error={error} retry={() => void ask()} />}
      {shipment.pii_state === 'held' && may && open ? (
        <div className="row wrap">
          <Button icon={<EyeOutlined />} loading={asking} onClick={() => void ask()} data-testid="recipient-show">
            {t('fulfil:recipient.show')}
          </Button>
          <PackSlipButton shipment={shipment.id} />
          <span className="muted small">{t('fulfil:recipient.noted')}</span>
        </div>
      ) : (
        <Notice tone={shipment.pii_state === 'not_granted' ? 'warn' : 'info'}>
          {word('recipient_state', shipment.pii_state)}
        </Notice>
      )}
    </div>
  );
}
