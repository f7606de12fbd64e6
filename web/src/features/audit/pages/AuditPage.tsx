// Every act and every refused act: who, what, on what, from where, with which result.
import { Drawer } from 'antd';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeysetList } from '@/shared/api/list';
import type { AuditRow } from '@/shared/api/types';
import { DataTable, type Column } from '@/shared/components/DataTable';
import { EmptyState } from '@/shared/components/feedback';
import { ChoiceFilter, DayRange, FilterBar, FindField } from '@/shared/components/FilterBar';
import { Facts, ListPage } from '@/shared/components/page';
import { StateTag, TimeText } from '@/shared/components/texts';
import { useWord } from '@/shared/i18n';
import { device_name } from '@/shared/lib/device';
import { count_filters, useUrlFilter } from '@/shared/lib/filters';
import { useTenantZone } from '@/shared/session';
import { audit_filter, audit_path, audit_query, useProof } from '../queries';

const object_kinds = ['order', 'shop', 'user', 'import', 'sku_mapping', 'api_key', 'session', 'tenant'];

/** Where the row stands in the signed tree. */
function Seal({ id }: { id: string }) {
  const { t } = useTranslation();
  const { data } = useProof(id);
  if (!data) return <>–</>;
  if (!data.seal) return <span className="muted">{t('audit:not_sealed')}</span>;
  const { position, checkpoint } = data.seal;
  return <span title={checkpoint.root}>{t('audit:sealed', { position, number: checkpoint.number })}</span>;
}

export default function AuditPage() {
  const { t } = useTranslation();
  const word = useWord();
  const { values, merge, clear } = useUrlFilter(audit_filter);
  const list = useKeysetList<AuditRow>(audit_path, audit_query(values, useTenantZone()));
  const [open, setOpen] = useState<AuditRow | null>(null);
  const find = useCallback((q: string | undefined) => merge({ q }), [merge]);
  const actor = (row: AuditRow) => row.actor.name || word('actor', row.actor.kind);
  const columns: Column<AuditRow>[] = [
    { id: 'at', header: t('audit:at'), width: 140, cell: (row) => <TimeText value={row.at} form="minute" /> },
    { id: 'actor', header: t('audit:actor'), width: 150, grow: 1, cell: actor },
    {
      id: 'act',
      header: t('audit:act'),
      width: 190,
      grow: 1,
      card: 'title',
      cell: (row) => <span title={row.act}>{word('act', row.act)}</span>,
    },
    {
      id: 'object',
      header: t('audit:object'),
      width: 220,
      grow: 2,
      cell: (row) =>
        row.object_kind ? (
          <>
            {word('object', row.object_kind)} <code className="muted">{row.object_id}</code>
          </>
        ) : (
          '–'
        ),
    },
    {
      id: 'result',
      header: t('audit:result'),
      width: 110,
      card: 'aside',
      cell: (row) => <StateTag scope="result" state={row.result} />,
    },
    { id: 'code', header: t('audit:code'), width: 180, grow: 1, hidden: true, cell: (row) => <code>{row.code || '–'}</code> },
    { id: 'ip', header: t('audit:ip'), width: 130, cell: (row) => row.ip || '–' },
  ];
  return (
    <ListPage
      testid="audit-page"
      title={t('nav.audit')}
      filters={
        <FilterBar
          find={<FindField value={values.q} change={find} placeholder={t('audit:find')} />}
          active={count_filters(values, ['q'])}
          on_clear={clear}
        >
          <DayRange from={values.from} to={values.to} change={(from, to) => merge({ from, to })} />
          <ChoiceFilter
            label={t('audit:object')}
            value={values.object_kind}
            options={object_kinds.map((each) => ({ value: each, label: word('object', each) }))}
            change={(object_kind) => merge({ object_kind: object_kind as string | undefined })}
          />
          <ChoiceFilter
            label={t('audit:result')}
            value={values.result}
            options={['done', 'refused'].map((each) => ({ value: each, label: word('result', each) }))}
            change={(result) => merge({ result: result as string | undefined })}
          />
        </FilterBar>
      }
    >
      <DataTable
        id="audit"
        label={t('nav.audit')}
        columns={columns}
        list={list}
        row_key={(row) => row.id}
        on_open={setOpen}
        empty={<EmptyState title={t('audit:empty')} text={t('audit:empty_text')} />}
      />
      <Drawer open={open !== null} onClose={() => setOpen(null)} size={480} title={open ? word('act', open.act) : ''}>
        {open && (
          <Facts
            items={[
              [t('audit:at'), <TimeText key="at" value={open.at} form="exact" />],
              [t('audit:actor'), `${actor(open)} (${word('actor', open.actor.kind)})`],
              [t('audit:act'), <code key="act">{open.act}</code>],
              [t('audit:object'), open.object_kind ? `${word('object', open.object_kind)} ${open.object_id}` : '–'],
              [t('audit:result'), <StateTag key="result" scope="result" state={open.result} />],
              [t('audit:code'), <code key="code">{open.code || '–'}</code>],
              [t('audit:ip'), open.ip || '–'],
              [t('audit:device'), open.user_agent ? device_name(open.user_agent) : '–'],
              [t('problem.request_id'), <code key="request">{open.request_id || '–'}</code>],
              [t('audit:seal'), <Seal key="seal" id={open.id} />],
              [
                t('audit:detail'),
                open.detail ? <pre key="detail" className="mono break pre">{JSON.stringify(open.detail, null, 2)}</pre> : '–',
              ],
            ]}
          />
        )}
      </Drawer>
    </ListPage>
  );
}
