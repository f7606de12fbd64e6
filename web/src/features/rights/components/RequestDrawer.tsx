// One request: its deadline, what became of each order, what can be done next, and what proves that it was done.
import { DownloadOutlined } from '@ant-design/icons';
import { Button, Drawer } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '@/shared/act';
import type { RightsRequest } from '@/shared/api/types';
import { Notice, ProblemAlert, SkeletonLines } from '@/shared/components/feedback';
import { Facts, Panel } from '@/shared/components/page';
import { StateTag, TimeText } from '@/shared/components/texts';
import { useWord } from '@/shared/i18n';
import { save_text } from '@/shared/lib/browser';
import { read_receipt, useRequest } from '../queries';
import { CoveredTable } from './CoveredTable';
import { AnswerPanel } from './AnswerPanel';
import { CarryOutDialog, ExtendDialog, LiftDialog, RefuseDialog } from './dialogs';
import { VerifyDialog } from './VerifyDialog';

export function RequestDrawer({ id, close }: { id: string | undefined; close: () => void }) {
  const { t } = useTranslation();
  const request = useRequest(id);
  return (
    <Drawer open={id !== undefined} onClose={close} size={680} title={t('rights:request')}>
      <ProblemAlert error={request.error} retry={() => void request.refetch()} />
      {request.isLoading && <SkeletonLines lines={8} />}
      {request.data && <RequestView request={request.data} />}
    </Drawer>
  );
}

export function RequestView({ request }: { request: RightsRequest }) {
  const { t } = useTranslation();
  const word = useWord();
  const erasing = request.orders.some((each) => each.outcome === 'erasing');
  const fetching = request.orders.some((each) => each.outcome === 'fetching');
  const items: [string, React.ReactNode][] = [
    [t('rights:field.kind'), word('rights_kind', request.kind)],
    [
      t('rights:field.state'),
      <span key="state" className="row wrap">
        <StateTag scope="rights_request" state={request.state} />
        {request.refusal && word('rights_refusal', request.refusal)}
        {request.lifted_at && (
          <span className="muted">
            {t('rights:lifted')} <TimeText value={request.lifted_at} form="minute" />
          </span>
        )}
      </span>,
    ],
    [t('rights:field.arrived_by'), word('rights_arrival', request.arrived_by)],
    [t('rights:field.received'), <TimeText key="received" value={request.received_at} form="minute" />],
    [
      t('rights:field.due'),
      <span key="due" className="row wrap">
        <TimeText value={request.due_at} form="minute" />
        {(request.urgency === 'soon' || request.urgency === 'overdue') && (
          <StateTag scope="rights_urgency" state={request.urgency} />
        )}
      </span>,
    ],
    [t('rights:field.opened_by'), <Who key="opened" name={request.opened_by} at={request.opened_at} />],
  ];
  if (request.verified_at && request.verification)
    items.push([
      t('rights:field.verified'),
      <span key="verified">
        {word('rights_verification', request.verification)}, <Who name={request.verified_by ?? ''} at={request.verified_at} />
      </span>,
    ]);
  if (request.extended_at && request.extension)
    items.push([
      t('rights:field.extended'),
      <span key="extended">
        {word('rights_extension', request.extension)}, <Who name={request.extended_by ?? ''} at={request.extended_at} />
      </span>,
    ]);
  if (request.corrected.length > 0)
    items.push([t('rights:field.corrected'), request.corrected.map((each) => word('rights_part', each)).join(', ')]);
  if (request.begun_at)
    items.push([t('rights:field.begun_by'), <Who key="begun" name={request.begun_by ?? ''} at={request.begun_at} />]);
  if (request.closed_at)
    items.push([t('rights:field.closed_by'), <Who key="closed" name={request.closed_by ?? ''} at={request.closed_at} />]);
  return (
    <div className="stack loose" data-testid="rights-request" data-state={request.state}>
      <Facts items={items} />
      {request.state === 'verifying' && <Notice tone="warn">{t('rights:verify.needed')}</Notice>}
      {erasing && <Notice>{t('rights:erasing')}</Notice>}
      {fetching && <Notice>{t('rights:fetching')}</Notice>}
      <Panel title={t('rights:orders')} flush>
        {request.orders.length > 0 ? <CoveredTable request={request} /> : <p style={{ padding: 16 }}>{t('rights:no_orders')}</p>}
      </Panel>
      <Acts request={request} />
      <AnswerPanel request={request} />
    </div>
  );
}

function Who({ name, at }: { name: string; at: string }) {
  const { t } = useTranslation();
  return (
    <span>
      {name || t('rights:gone')}, <TimeText value={at} form="minute" />
    </span>
  );
}

function Acts({ request }: { request: RightsRequest }) {
  const { t } = useTranslation();
  const [dialog, setDialog] = useState<'carry_out' | 'refuse' | 'lift' | 'verify' | 'extend' | null>(null);
  const close = () => setDialog(null);
  const may = (action: string) => request.allowed_actions.includes(action);
  const receipt = useAct(read_receipt);
  const download = () =>
    receipt.mutate(request.id, {
      onSuccess: (answer) => save_text(`receipt-${request.id}.json`, `${JSON.stringify(answer, null, 2)}\n`),
    });
  return (
    <div className="row wrap">
      {may('verify') && (
        <Button type="primary" onClick={() => setDialog('verify')} data-testid="verify">
          {t('rights:act.verify')}
        </Button>
      )}
      {may('carry_out') && (
        <Button type="primary" danger={request.kind === 'erasure'} onClick={() => setDialog('carry_out')} data-testid="carry-out">
          {t(`rights:act.${request.kind}`)}
        </Button>
      )}
      {may('extend') && (
        <Button onClick={() => setDialog('extend')} data-testid="extend">
          {t('rights:act.extend')}
        </Button>
      )}
      {may('refuse') && (
        <Button onClick={() => setDialog('refuse')} data-testid="refuse">
          {t('rights:act.refuse')}
        </Button>
      )}
      {may('lift') && (
        <Button onClick={() => setDialog('lift')} data-testid="lift">
          {t('rights:act.lift')}
        </Button>
      )}
      {may('receipt') && (
        <Button icon={<DownloadOutlined />} loading={receipt.isPending} onClick={download} data-testid="receipt">
          {t('rights:act.receipt')}
        </Button>
      )}
      {dialog === 'carry_out' && <CarryOutDialog request={request} close={close} />}
      {dialog === 'verify' && <VerifyDialog request={request} close={close} />}
      {dialog === 'extend' && <ExtendDialog request={request} close={close} />}
      {dialog === 'refuse' && <RefuseDialog request={request} close={close} />}
      {dialog === 'lift' && <LiftDialog request={request} close={close} />}
    </div>
  );
}
