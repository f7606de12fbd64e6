// Where the import stands: file, columns, run, result.
import { Steps } from 'antd';
import { useTranslation } from 'react-i18next';

export function WizardSteps({ at }: { at: 0 | 1 | 2 | 3 }) {
  const { t } = useTranslation();
  return (
    <Steps
      size="small"
      current={at}
      responsive={false}
      items={(['file', 'columns', 'run', 'result'] as const).map((each) => ({ title: t(`imports:step.${each}`) }))}
    />
  );
}
