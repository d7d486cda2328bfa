'use client';

import { SidePanel } from '@/ui/dialog';
import type { ProjectFeed } from '../live/use-project-feed';
import type { ChartView } from './chart-view';
import type { ChartRun } from './drawn-runs';
import { MetricChart } from './metric-chart';

type LargeChartProps = {
  metric: string | null;
  runs: readonly ChartRun[];
  view: ChartView;
  feed: Pick<ProjectFeed, 'listen'>;
  onClose: () => void;
};

/** One chart as large as the page. */
export function LargeChart({ metric, runs, view, feed, onClose }: LargeChartProps) {
  return (
    <SidePanel open={metric !== null} onOpenChange={(open) => !open && onClose()} title={metric ?? ''} isWide>
      <div className="min-h-0 flex-1 overflow-y-auto p-4 sm:p-6">
        {metric && <MetricChart metric={metric} runs={runs} view={view} feed={feed} height={560} />}
      </div>
    </SidePanel>
  );
}
