// What to write to the buyer, to be copied and sent by a person: the console writes to nobody.
import { CopyOutlined } from '@ant-design/icons';
import { Button, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RightsRequest } from '@/shared/api/types';
import { ProblemAlert, SkeletonLines } from '@/shared/components/feedback';
import { Panel } from '@/shared/components/page';
import { copy_text } from '@/shared/lib/browser';
import { useStored } from '@/shared/lib/stored';
import { answer_languages, useAnswer } from '../queries';

/** Each language in its own name, whatever language the console speaks. */
const names = { zh: '中文', en: 'English', de: 'Deutsch', ja: '日本語' } as const;

export function AnswerPanel({ request }: { request: RightsRequest }) {
  const { t } = useTranslation();
  const [stored, setLanguage] = useStored('rights.answer_language', 'en');
  const language = answer_languages.find((each) => each === stored) ?? 'en';
  const answer = useAnswer(request, language);
  const [copied, setCopied] = useState<boolean | null>(null);
  const text = answer.data?.text;
  const copy = async () => setCopied(await copy_text(text ?? ''));
  return (
    <Panel title={t('rights:answer.title')} testid="answer">
      <div className="stack">
        <Segmented
          value={language}
          onChange={(next) => {
            setLanguage(next);
            setCopied(null);
          }}
          options={answer_languages.map((each) => ({ value: each, label: names[each] }))}
          aria-label={t('rights:answer.language')}
        />
        <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />
        {answer.isLoading && <SkeletonLines lines={5} />}
        {text && (
          <p lang={language} style={{ whiteSpace: 'pre-wrap' }} data-testid="answer-text">
            {text}
          </p>
        )}
        <div className="row wrap">
          <Button
            icon={<CopyOutlined />}
            disabled={!text}
            onClick={() => void copy()}
            data-testid="answer-copy"
          >
            {t('rights:answer.copy')}
          </Button>
          <span className="muted small" role="status">
            {copied === null ? t('rights:answer.note') : t(copied ? 'rights:answer.copied' : 'rights:answer.not_copied')}
          </span>
        </div>
      </div>
    </Panel>
  );
}
