// Charts by ECharts, loaded only when one is on screen, each with the same figures as a table beside it.
import { BarChart, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use, type EChartsCoreOption } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';

use([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

export default function Chart({
  option,
  height,
  label,
  on_pick,
}: {
  option: EChartsCoreOption;
  height: number;
  label: string;
  on_pick?: (index: number, series: number) => void;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const chart = useRef<ReturnType<typeof init> | null>(null);
  const pick = useRef(on_pick);
  pick.current = on_pick;
  useEffect(() => {
    if (!frame.current) return;
    const made = init(frame.current, null, { renderer: 'svg' });
    chart.current = made;
    made.on('click', (event) => pick.current?.(event.dataIndex ?? 0, event.seriesIndex ?? 0));
    const watcher = new ResizeObserver(() => made.resize());
    watcher.observe(frame.current);
    return () => {
      watcher.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);
  useEffect(() => {
    chart.current?.setOption(option, { notMerge: true });
  }, [option]);
  return <div ref={frame} role="img" aria-label={label} style={{ height }} />;
}
