// Column choice and density of a table, kept in this browser.
import { SettingOutlined } from '@ant-design/icons';
import { Button, Checkbox, Popover, Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Column, Density } from './DataTable';

export function TableTools<T>({
  columns,
  hidden,
  change_hidden,
  density,
  change_density,
}: {
  columns: Column<T>[];
  hidden: string[];
  change_hidden: (hidden: string[]) => void;
  density: Density;
  change_density: (density: Density) => void;
}) {
  const { t } = useTranslation();
  const panel = (
    <div className="stack" style={{ width: 220 }}>
      <Segmented
        block
        size="small"
        value={density}
        onChange={(value) => change_density(value as Density)}
        options={[
          { value: 'compact', label: t('table.compact') },
          { value: 'comfortable', label: t('table.comfortable') },
        ]}
      />
      <div className="stack tight">
        {columns.map((each) => (
          <Checkbox
            key={each.id}
            checked={!hidden.includes(each.id)}
            disabled={each.card === 'title'}
            onChange={(event) =>
              change_hidden(
                event.target.checked ? hidden.filter((name) => name !== each.id) : [...hidden, each.id],
              )
            }
          >
            {each.header}
          </Checkbox>
        ))}
      </div>
    </div>
  );
  return (
    <Popover trigger="click" placement="bottomRight" content={panel} title={t('table.columns')}>
      <Button size="small" type="text" icon={<SettingOutlined />} aria-label={t('table.columns')} />
    </Popover>
  );
}
