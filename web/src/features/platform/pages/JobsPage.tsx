// Background work that failed again and again and waits for a person.
import { CheckCircleOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useAct } from '@/shared/act';
import { EmptyState, ProblemAlert, SkeletonLines } from '@/shared/components/feedback';
import { DetailPage, Panel } from '@/shared/components/page';
import { TimeText } from '@/shared/components/texts';
import { useWord } from '@/shared/i18n';
import { keys, retry_job, useQuarantine } from '../queries';

export default function JobsPage() {
  const { t } = useTranslation();
  const word = useWord();
  const jobs = useQuarantine();
  const retry = useAct(retry_job, { touches: [keys.jobs], done: t('platform:jobs.retried') });
  return (
    <DetailPage
      testid="jobs-page"
      title={t('nav.jobs')}
    >
      <ProblemAlert error={jobs.error} retry={() => void jobs.refetch()} />
      <Panel flush>
        {jobs.isPending && <SkeletonLines />}
        {jobs.data?.length === 0 && (
          <EmptyState
            icon={<CheckCircleOutlined />}
            title={t('platform:jobs.empty')}
            text={t('platform:jobs.empty_text')}
          />
        )}
        {!!jobs.data?.length && (
          <div className="plain-wrap" tabIndex={0}>
            <table className="plain-table">
              <thead>
                <tr>
                  <th scope="col">{t('platform:jobs.kind')}</th>
                  <th scope="col">{t('platform:jobs.error')}</th>
                  <th scope="col" className="number">
                    {t('platform:jobs.attempts')}
                  </th>
                  <th scope="col">{t('platform:jobs.created_at')}</th>
                  <th scope="col">
                    <span className="sr-only">{t('field.actions')}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {jobs.data.map((job) => (
                  <tr key={job.id}>
                    <td className="strong">{word('job', job.kind)}</td>
                    <td className="break">{job.error}</td>
                    <td className="number">{job.attempts}</td>
                    <td>
                      <TimeText value={job.created_at} />
                    </td>
                    <td className="number">
                      <Button size="small" loading={retry.isPending} onClick={() => retry.mutate(job.id)}>
                        {t('platform:jobs.retry')}
                      </Button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Panel>
    </DetailPage>
  );
}
