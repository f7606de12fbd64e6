// Every promise of the two privacy policies: green, amber or red, and when it was last proven.
import { ReloadOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { Fragment, useCallback, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useAct } from '@/shared/act';
import type { PromiseLine, PromisesChecked } from '@/shared/api/types';
import { EmptyState, PermissionGuard, ProblemAlert, SkeletonLines } from '@/shared/components/feedback';
import { ChoiceFilter, FilterBar, FindField } from '@/shared/components/FilterBar';
import { DetailPage, Panel } from '@/shared/components/page';
import { TimeText } from '@/shared/components/texts';
import { useWord } from '@/shared/i18n';
import { count_filters, filter_query, useUrlFilter } from '@/shared/lib/filters';
import { useKeys } from '@/shared/lib/keys';
import { permission } from '@/shared/session';
import { PromiseDrawer } from '../components/PromiseDrawer';
import { ProofTag, useOwnText } from '../components/words';
import { check_now, keys, promise_filter, proof_states, sections_of, usePromises } from '../queries';

export default function PromisesPage() {
  const { t } = useTranslation();
  const { values, merge, clear } = useUrlFilter(promise_filter);
  const { open, ...asked } = values;
  const promises = usePromises(filter_query(promise_filter, asked));
  const check = useAct((_: void) => check_now(), {
    touches: [keys.promises],
    done: (out: PromisesChecked) => t('compliance:checked', out.promises),
  });
  const find = useCallback((q: string | undefined) => merge({ q }), [merge]);
  const data = promises.data;
  return (
    <DetailPage
      testid="promises-page"
      title={t('nav.promises')}
      note={
        <>
          {t('compliance:note')}
          {data?.last_checked_at ? <TimeText value={data.last_checked_at} /> : t('compliance:never_checked')}
        </>
      }
      actions={
        <PermissionGuard needs={permission.compliance_write} quiet>
          <Button
            type="primary"
            icon={<ReloadOutlined />}
            loading={check.isPending}
            onClick={() => check.mutate()}
            data-testid="check-now"
          >
            {t('compliance:check_now')}
          </Button>
        </PermissionGuard>
      }
    >
      <Counts counts={data?.counts} chosen={values.state} choose={(state) => merge({ state })} />
      <FilterBar
        find={<FindField value={values.q} change={find} placeholder={t('compliance:find')} />}
        active={count_filters(values, ['q', 'open'])}
        on_clear={clear}
      >
        <ChoiceFilter
          label={t('compliance:policy')}
          value={values.policy}
          options={[
            { value: 'zh', label: t('compliance:policy_zh') },
            { value: 'en', label: t('compliance:policy_en') },
          ]}
          change={(policy) => merge({ policy: policy as string | undefined })}
        />
      </FilterBar>
      <ProblemAlert error={promises.error} retry={() => void promises.refetch()} />
      {promises.isPending && <SkeletonLines lines={8} />}
      {data?.items.length === 0 && (
        <EmptyState title={t('compliance:empty')} text={t('compliance:empty_text')} />
      )}
      {!!data?.items.length && <List lines={data.items} open={(id) => merge({ open: id })} />}
      <PromiseDrawer id={open} close={() => merge({ open: undefined })} />
    </DetailPage>
  );
}

function Counts({
  counts,
  chosen,
  choose,
}: {
  counts: Record<(typeof proof_states)[number], number> | undefined;
  chosen: string | undefined;
  choose: (state: string | undefined) => void;
}) {
  const { t } = useTranslation();
  const word = useWord();
  const all = counts ? counts.green + counts.amber + counts.red : undefined;
  const tab = (state: string | undefined, label: string, count: number | undefined) => (
    <button
      key={state ?? 'all'}
      type="button"
      className={`plain tab${chosen === state ? ' on' : ''}`}
      aria-pressed={chosen === state}
      onClick={() => choose(state)}
      data-testid={`state-${state ?? 'all'}`}
    >
      {state ? <ProofTag state={state} /> : label}{' '}
      <span className="tab-count" aria-label={`${label}: ${count ?? ''}`}>
        {count ?? '–'}
      </span>
    </button>
  );
  return (
    <div className="tabs" role="group" aria-label={t('compliance:states')}>
      {tab(undefined, t('compliance:all'), all)}
      {proof_states.map((state) => tab(state, word('proof', state), counts?.[state]))}
    </div>
  );
}

function List({ lines, open }: { lines: PromiseLine[]; open: (id: string) => void }) {
  const { t } = useTranslation();
  const own = useOwnText();
  const frame = useRef<HTMLDivElement>(null);
  const step = (by: number) => {
    const rows = [...(frame.current?.querySelectorAll<HTMLButtonElement>('button.promise') ?? [])];
    const at = rows.indexOf(document.activeElement as HTMLButtonElement);
    rows[Math.min(rows.length - 1, Math.max(0, at + by))]?.focus();
  };
  useKeys({ j: () => step(1), k: () => step(-1) });
  return (
    <Panel flush>
      <div ref={frame}>
        <table className="plain-table stacks" data-testid="promises">
          <thead>
            <tr>
              <th scope="col">{t('compliance:promise')}</th>
              <th scope="col">{t('compliance:state')}</th>
              <th scope="col">{t('compliance:last_proven')}</th>
            </tr>
          </thead>
          <tbody>
            {sections_of(lines).map((section) => (
              <Fragment key={section.key}>
                <tr>
                  <th scope="colgroup" colSpan={3} style={{ paddingTop: 16 }}>
                    {section.policy === 'zh' ? t('compliance:policy_zh') : t('compliance:policy_en')} ·{' '}
                    <span className="strong">{own(section.title)}</span>
                  </th>
                </tr>
                {section.lines.map((line) => (
                  <tr key={line.id} onClick={() => open(line.id)} style={{ cursor: 'pointer' }} data-testid={`row-${line.id}`}>
                    <td>
                      <button type="button" className="plain promise" aria-haspopup="dialog">
                        <code className="muted nowrap">{line.id}</code> {own(line.text)}
                      </button>
                    </td>
                    <td>
                      <ProofTag state={line.state} />
                    </td>
                    <td className="small">
                      {line.built ? <TimeText value={line.last_proven_at} /> : <span className="muted nowrap">{t('compliance:unbuilt')}</span>}
                    </td>
                  </tr>
                ))}
              </Fragment>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
