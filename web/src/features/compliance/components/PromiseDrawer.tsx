// One promise: the policy's sentence in both languages, what keeps it, its proof, and how that went over time.
import { Drawer } from 'antd';
import { useTranslation } from 'react-i18next';
import type { CheckView, PromiseDetail } from '@/shared/api/types';
import { Notice, ProblemAlert, SkeletonLines } from '@/shared/components/feedback';
import { Facts, Panel } from '@/shared/components/page';
import { TimeText } from '@/shared/components/texts';
import { usePromise } from '../queries';
import { ProofTag, useCheckText, useFoundText, useOwnText } from './words';

export function PromiseDrawer({ id, close }: { id: string | undefined; close: () => void }) {
  const { t } = useTranslation();
  const promise = usePromise(id);
  return (
    <Drawer open={id !== undefined} onClose={close} size={620} title={`${t('compliance:promise')} ${id ?? ''}`}>
      <ProblemAlert error={promise.error} retry={() => void promise.refetch()} />
      {promise.isLoading && <SkeletonLines lines={8} />}
      {promise.data && <Whole detail={promise.data} />}
    </Drawer>
  );
}

function Whole({ detail }: { detail: PromiseDetail }) {
  const { t } = useTranslation();
  const { promise } = detail;
  const [own, other] = promise.policy === 'zh' ? (['zh', 'en'] as const) : (['en', 'zh'] as const);
  const lang = { zh: 'zh-CN', en: 'en' };
  return (
    <div className="stack loose" data-testid="promise">
      <Facts
        items={[
          [t('compliance:state'), <ProofTag key="state" state={promise.state} />],
          [t('compliance:last_proven'), <TimeText key="proven" value={promise.last_proven_at} form="exact" />],
          [t('compliance:numbers'), [...promise.seeds, ...detail.privacy].join(' · ')],
        ]}
      />
      <Panel title={t('compliance:own_words')}>
        <blockquote lang={lang[own]} className="strong" style={{ margin: 0 }}>
          {promise.text[own]}
        </blockquote>
        <p className="muted small" style={{ marginTop: 10 }}>
          {t('compliance:translation')}
        </p>
        <p lang={lang[other]}>{promise.text[other]}</p>
      </Panel>
      <Controls detail={detail} />
      <Panel title={t('compliance:proof')}>
        <div className="stack loose">
          {detail.checks.length === 0 && <span className="muted">{t('compliance:no_proof')}</span>}
          {detail.checks.map((check) => (
            <Proof key={check.name} check={check} />
          ))}
        </div>
      </Panel>
      <History detail={detail} />
    </div>
  );
}

function Controls({ detail }: { detail: PromiseDetail }) {
  const { t } = useTranslation();
  const own = useOwnText();
  return (
    <Panel title={t('compliance:control')}>
      <div className="stack">
        {detail.controls.map((control) => (
          <div key={control.id} className="stack tight">
            <span>{own(control.text)}</span>
            {control.unbuilt && (
              <Notice tone="warn">
                <span className="strong">{t('compliance:unbuilt')}</span> {own(control.unbuilt)}
              </Notice>
            )}
          </div>
        ))}
      </div>
    </Panel>
  );
}

function Proof({ check }: { check: CheckView }) {
  const { t } = useTranslation();
  const found = useFoundText();
  const words = useCheckText();
  return (
    <section className="stack tight" aria-label={words(check.name, 'name')} data-testid={`proof-${check.name}`}>
      <div className="row wrap">
        <h3 className="strong" style={{ fontSize: 'inherit' }}>
          {words(check.name, 'name')}
        </h3>
        <ProofTag state={check.state} />
      </div>
      <span className="muted">{words(check.name, 'looks_at')}</span>
      {check.code && <span>{found(check.name, check.code, check.figures)}</span>}
      {check.items.length > 0 && (
        <ul className="small">
          {check.items.map((item) => (
            <li key={item}>
              <code className="break">{item}</code>
            </li>
          ))}
        </ul>
      )}
      <Facts
        items={[
          [t('compliance:checked_at'), <TimeText key="at" value={check.checked_at} form="exact" />],
          [t('compliance:green_at'), <TimeText key="green" value={check.green_at} form="exact" />],
        ]}
      />
      <span className="muted small">{t(`compliance:age.${check.age}`, { hours: check.period_hours })}</span>
    </section>
  );
}

function History({ detail }: { detail: PromiseDetail }) {
  const { t } = useTranslation();
  const found = useFoundText();
  const words = useCheckText();
  return (
    <Panel title={t('compliance:history')} flush={detail.history.length > 0}>
      {detail.history.length === 0 ? (
        <span className="muted">{t('compliance:no_history')}</span>
      ) : (
        <div className="plain-wrap" tabIndex={0} role="group" aria-label={t('compliance:history')}>
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">{t('compliance:checked_at')}</th>
                <th scope="col">{t('compliance:found_then')}</th>
                <th scope="col">{t('compliance:proof')}</th>
              </tr>
            </thead>
            <tbody>
              {detail.history.map((past) => (
                <tr key={`${past.check} ${past.checked_at}`}>
                  <td>
                    <TimeText value={past.checked_at} form="minute" />
                  </td>
                  <td>
                    <ProofTag state={past.state} />
                  </td>
                  <td>
                    {words(past.check, 'name')}: {found(past.check, past.code, past.figures)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}
