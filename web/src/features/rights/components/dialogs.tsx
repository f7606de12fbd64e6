// Before anything is done for good, what it will do is said; nothing here is one click away by mistake.
import { Checkbox, Modal, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '@/shared/act';
import type { CarryOutInput, ExtensionReason, RefusalReason, RightsRequest } from '@/shared/api/types';
import { Notice, ProblemAlert } from '@/shared/components/feedback';
import { useWord } from '@/shared/i18n';
import { carry_out, consequences, corrected_parts, everything, extend, extensions, lift, refusals, refuse } from '../queries';

interface Props {
  request: RightsRequest;
  close: () => void;
}

/** What carrying out will do, in sentences. */
export function Consequences({ request }: { request: RightsRequest }) {
  const { t } = useTranslation();
  const will = consequences(request.orders);
  const copied = request.orders.filter((each) => each.held_copies.length > 0).length;
  if (request.kind !== 'erasure') return <p>{t(`rights:will.${request.kind}`)}</p>;
  return (
    <div className="stack" data-testid="consequences">
      <p className="strong">{t('rights:will.erase', { count: will.erased })}</p>
      <ul>
        <li>{t('rights:will.for_ever')}</li>
        {will.untouched > 0 && <li>{t('rights:will.untouched', { count: will.untouched })}</li>}
        <li>{t('rights:will.kept')}</li>
      </ul>
      {copied > 0 && <Notice tone="warn">{t('rights:will.held', { count: copied })}</Notice>}
      {will.unshippable > 0 && <Notice tone="warn">{t('rights:will.unshippable', { count: will.unshippable })}</Notice>}
    </div>
  );
}

type Parts = NonNullable<CarryOutInput['corrected']>;

export function CarryOutDialog({ request, close }: Props) {
  const { t } = useTranslation();
  const word = useWord();
  const [parts, setParts] = useState<Parts>([]);
  const corrects = request.kind === 'correction';
  const act = useAct(carry_out, { touches: everything, done: t(`rights:begun.${request.kind}`), quiet: true });
  return (
    <Modal
      open
      title={t(`rights:question.${request.kind}`)}
      okText={t(`rights:act.${request.kind}`)}
      okButtonProps={{ danger: request.kind === 'erasure', disabled: corrects && parts.length === 0, 'data-testid': 'carry-out-sure' }}
      // Enter on the open dialog must not erase anybody.
      cancelButtonProps={{ autoFocus: true }}
      confirmLoading={act.isPending}
      onCancel={close}
      onOk={() => act.mutate({ id: request.id, corrected: corrects ? parts : undefined }, { onSuccess: close })}
    >
      <div className="stack">
        <Consequences request={request} />
        {corrects && (
          <Checkbox.Group
            value={parts}
            onChange={(picked) => setParts(picked)}
            options={corrected_parts.map((each) => ({ value: each, label: word('rights_part', each) }))}
          />
        )}
        <ProblemAlert error={act.error} />
      </div>
    </Modal>
  );
}

export function RefuseDialog({ request, close }: Props) {
  const { t } = useTranslation();
  const word = useWord();
  const [reason, setReason] = useState<RefusalReason | undefined>();
  const act = useAct(refuse, { touches: everything, done: t('rights:refused'), quiet: true });
  return (
    <Modal
      open
      title={t('rights:question.refuse')}
      okText={t('rights:act.refuse')}
      okButtonProps={{ disabled: !reason }}
      confirmLoading={act.isPending}
      onCancel={close}
      onOk={() => reason && act.mutate({ id: request.id, reason }, { onSuccess: close })}
    >
      <div className="stack">
        <p>{t('rights:will.refuse')}</p>
        <Select
          autoFocus
          aria-label={t('rights:field.reason')}
          placeholder={t('rights:field.reason')}
          value={reason}
          onChange={setReason}
          options={refusals.map((each) => ({ value: each, label: word('rights_refusal', each) }))}
          style={{ width: '100%' }}
        />
        <ProblemAlert error={act.error} />
      </div>
    </Modal>
  );
}

export function ExtendDialog({ request, close }: Props) {
  const { t } = useTranslation();
  const word = useWord();
  const [reason, setReason] = useState<ExtensionReason | undefined>();
  const act = useAct(extend, { touches: everything, done: t('rights:extended_now'), quiet: true });
  return (
    <Modal
      open
      title={t('rights:question.extend')}
      okText={t('rights:act.extend')}
      okButtonProps={{ disabled: !reason, 'data-testid': 'extend-sure' }}
      confirmLoading={act.isPending}
      onCancel={close}
      onOk={() => reason && act.mutate({ id: request.id, reason }, { onSuccess: close })}
    >
      <div className="stack">
        <p>{t('rights:will.extend')}</p>
        <Select
          autoFocus
          aria-label={t('rights:field.reason')}
          placeholder={t('rights:field.reason')}
          value={reason}
          onChange={setReason}
          options={extensions.map((each) => ({ value: each, label: word('rights_extension', each) }))}
          style={{ width: '100%' }}
        />
        <ProblemAlert error={act.error} />
      </div>
    </Modal>
  );
}

export function LiftDialog({ request, close }: Props) {
  const { t } = useTranslation();
  const act = useAct(lift, { touches: everything, done: t('rights:lifted_now'), quiet: true });
  return (
    <Modal
      open
      title={t('rights:question.lift')}
      okText={t('rights:act.lift')}
      cancelButtonProps={{ autoFocus: true }}
      confirmLoading={act.isPending}
      onCancel={close}
      onOk={() => act.mutate(request.id, { onSuccess: close })}
    >
      <div className="stack">
        <p>{t('rights:will.lift')}</p>
        <ProblemAlert error={act.error} />
      </div>
    </Modal>
  );
}
