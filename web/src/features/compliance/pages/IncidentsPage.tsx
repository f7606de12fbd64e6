// Incidents: who read too much or opened a trap, how soon that was stopped, and how it ended.
import { Button, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useAct } from '@/shared/act';
import { useKeysetList } from '@/shared/api/list';
import type { Incident } from '@/shared/api/types';
import { DataTable, type Column } from '@/shared/components/DataTable';
import { EmptyState, PermissionGuard, ProblemAlert } from '@/shared/components/feedback';
import { ChoiceFilter, FilterBar } from '@/shared/components/FilterBar';
import { ListPage } from '@/shared/components/page';
import { QuantityText, StateTag, TimeText } from '@/shared/components/texts';
import { useWord } from '@/shared/i18n';
import { count_filters, filter_query, useUrlFilter } from '@/shared/lib/filters';
import { permission } from '@/shared/session';
import {
  close_incident,
  incident_filter,
  incident_states,
  incident_tones,
  is_note_good,
  keys,
  note_length_max,
  seconds_taken,
} from '../queries';

export default function IncidentsPage() {
  const { t } = useTranslation();
  const word = useWord();
  const { values, merge, clear } = useUrlFilter(incident_filter);
  const list = useKeysetList<Incident>('/incidents', filter_query(incident_filter, values));
  const [closing, setClosing] = useState<Incident | null>(null);
  const columns: Column<Incident>[] = [
    {
      id: 'what',
      header: t('compliance:incidents.what'),
      width: 260,
      grow: 2,
      card: 'title',
      cell: (row) => <What code={row.what} />,
    },
    { id: 'subject', header: t('compliance:incidents.subject'), width: 150, grow: 1, cell: (row) => <Subject of={row} /> },
    {
      id: 'state',
      header: t('compliance:incidents.state'),
      width: 110,
      card: 'aside',
      cell: (row) => <StateTag scope="incident" state={row.state} tone={incident_tones[row.state]} />,
    },
    {
      id: 'opened',
      header: t('compliance:incidents.opened'),
      width: 140,
      cell: (row) => <TimeText value={row.opened_at} form="minute" />,
    },
    { id: 'alarms', header: t('compliance:incidents.alarms'), width: 90, cell: (row) => <QuantityText value={row.alarms} /> },
    { id: 'contained', header: t('compliance:incidents.contained'), width: 190, grow: 1, cell: (row) => <Stopped of={row} /> },
    {
      id: 'closed',
      header: t('compliance:incidents.closed'),
      width: 220,
      grow: 1,
      cell: (row) =>
        row.state === 'closed' ? (
          <>
            <TimeText value={row.closed_at} form="minute" /> <span className="break">{row.closing_note}</span>
          </>
        ) : (
          <PermissionGuard needs={permission.compliance_write} quiet>
            <Button size="small" onClick={() => setClosing(row)} data-testid={`close-${row.id}`}>
              {t('compliance:incidents.close')}
            </Button>
          </PermissionGuard>
        ),
    },
  ];
  return (
    <ListPage testid="incidents-page" title={t('nav.incidents')} note={t('compliance:incidents.note')}>
      <FilterBar active={count_filters(values, [])} on_clear={clear}>
        <ChoiceFilter
          label={t('compliance:incidents.state')}
          value={values.state}
          options={incident_states.map((state) => ({ value: state, label: word('incident', state) }))}
          change={(state) => merge({ state: state as string | undefined })}
        />
      </FilterBar>
      <DataTable
        id="incidents"
        label={t('nav.incidents')}
        columns={columns}
        list={list}
        row_key={(row) => row.id}
        empty={<EmptyState title={t('compliance:incidents.empty')} text={t('compliance:incidents.empty_text')} />}
      />
      {closing && <CloseDialog incident={closing} done={() => setClosing(null)} />}
    </ListPage>
  );
}

/** A code that we do not know yet is shown as it is. */
function What({ code }: { code: string }) {
  const { t, i18n } = useTranslation();
  const key = `compliance:incidents.whats.${code}`;
  return <>{i18n.exists(key) ? t(key) : code}</>;
}

function Subject({ of }: { of: Incident }) {
  const { t } = useTranslation();
  const kind = t(`compliance:incidents.subjects.${of.subject_kind}`);
  if (of.subject_kind === 'user' && of.subject_id) return <Link to={`/users/${of.subject_id}`}>{kind}</Link>;
  if (of.subject_kind === 'api_key' && of.subject_id)
    return <Link to={`/audit?actor_id=${of.subject_id}`}>{kind}</Link>;
  return <>{kind}</>;
}

function Stopped({ of }: { of: Incident }) {
  const { t } = useTranslation();
  const seconds = seconds_taken(of);
  if (!of.contained_at) return <>–</>;
  return (
    <>
      <TimeText value={of.contained_at} form="minute" />{' '}
      {seconds !== null && <span className="muted nowrap">{t('compliance:incidents.took', { seconds })}</span>}
      {of.frozen === false && <div className="muted small">{t('compliance:incidents.not_frozen')}</div>}
    </>
  );
}

function CloseDialog({ incident, done }: { incident: Incident; done: () => void }) {
  const { t } = useTranslation();
  const [note, setNote] = useState('');
  const close = useAct(close_incident, { touches: [keys.incidents], done: t('compliance:incidents.close_done') });
  return (
    <Modal
      open
      title={t('compliance:incidents.close_title')}
      okText={t('compliance:incidents.close')}
      okButtonProps={{ disabled: !is_note_good(note), loading: close.isPending }}
      onCancel={done}
      onOk={() => close.mutate({ id: incident.id, note: note.trim() }, { onSuccess: done })}
    >
      <div className="stack" data-testid="close-incident">
        <p>{t('compliance:incidents.close_text')}</p>
        {incident.kind === 'clock' && <p>{t('compliance:incidents.accept_clock')}</p>}
        <ProblemAlert error={close.error} />
        <Input.TextArea
          value={note}
          onChange={(event) => setNote(event.target.value)}
          maxLength={note_length_max}
          rows={5}
          showCount
          aria-label={t('compliance:incidents.closing_note')}
        />
      </div>
    </Modal>
  );
}
