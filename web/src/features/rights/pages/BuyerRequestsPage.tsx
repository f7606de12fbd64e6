// The compliance officer's page: find a buyer, enter what was asked, do it in time, and have the proof.
import { SafetyCertificateOutlined } from '@ant-design/icons';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeysetList } from '@/shared/api/list';
import type { RightsRequestRow } from '@/shared/api/types';
import { DataTable } from '@/shared/components/DataTable';
import { EmptyState, Notice } from '@/shared/components/feedback';
import { ListPage } from '@/shared/components/page';
import { useWord } from '@/shared/i18n';
import { useUrlFilter } from '@/shared/lib/filters';
import { RequestDrawer } from '../components/RequestDrawer';
import { request_columns } from '../components/request_columns';
import { SearchPanel } from '../components/SearchPanel';
import { request_states, requests_filter, useRequestCounts } from '../queries';

const list_path = '/rights/requests';

export default function BuyerRequestsPage() {
  const { t } = useTranslation();
  const word = useWord();
  const { values, merge } = useUrlFilter(requests_filter);
  const state = request_states.find((each) => each === values.state) ?? 'open';
  const sort = values.sort === '-due_at' ? '-due_at' : 'due_at';
  const counts = useRequestCounts();
  const list = useKeysetList<RightsRequestRow>(list_path, { state, sort });
  const count_of = (each: string) =>
    !counts.data ? undefined : each === 'open' ? counts.data.open - counts.data.verifying : each === 'verifying' ? counts.data.verifying : undefined;
  const columns = useMemo(() => request_columns(t, word), [t, word]);
  return (
    <ListPage
      testid="buyer-requests-page"
      title={t('nav.buyer_requests')}
      note={t('rights:note')}
      filters={
        <>
          <SearchPanel opened={(open) => merge({ open, state: undefined })} />
          {!!counts.data?.overdue && <Notice tone="bad">{t('rights:overdue', { count: counts.data.overdue })}</Notice>}
          {!!counts.data?.due_soon && <Notice tone="warn">{t('rights:due_soon', { count: counts.data.due_soon })}</Notice>}
          <div className="tabs" role="group" aria-label={t('rights:requests')}>
            {request_states.map((each) => (
              <button
                key={each}
                type="button"
                className={`plain tab${state === each ? ' on' : ''}`}
                aria-pressed={state === each}
                onClick={() => merge({ state: each === 'open' ? undefined : each })}
                data-testid={`tab-${each}`}
              >
                {word('rights_request', each)} {count_of(each) !== undefined && <span className="tab-count">{count_of(each)}</span>}
              </button>
            ))}
          </div>
        </>
      }
    >
      <DataTable
        id="buyer-requests"
        label={t('rights:requests')}
        columns={columns}
        list={list}
        row_key={(row) => row.id}
        on_open={(row) => merge({ open: row.id })}
        sort={{ value: sort, change: (next) => merge({ sort: next === 'due_at' ? undefined : next }) }}
        empty={<EmptyState icon={<SafetyCertificateOutlined />} title={t(`rights:none.${state}`)} text={t('rights:none_text')} />}
      />
      <RequestDrawer id={values.open} close={() => merge({ open: undefined })} />
    </ListPage>
  );
}
