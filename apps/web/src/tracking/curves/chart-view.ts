import type { ChangeAddress } from '@/ui/use-address';

/** What x counts: steps, seconds since the run began, the clock, or epochs. */
export const AXES = ['step', 'time', 'clock', 'epoch'] as const;
export type Axis = (typeof AXES)[number];

/** How curves are shown; all charts of a page are shown alike. */
export type ChartView = {
  axis: Axis;
  /** 0 (as it is) to 0.99. */
  smoothing: number;
  isLogX: boolean;
  isLogY: boolean;
};

export type ChartViewChange = ChangeAddress<ChartView>;

export function readChartView(params: URLSearchParams): ChartView {
  const smoothing = Number(params.get('smooth'));
  return {
    axis: AXES.find((axis) => axis === params.get('x')) ?? 'step',
    smoothing: smoothing > 0 && smoothing < 1 ? smoothing : 0,
    isLogX: params.get('logx') === 'true',
    isLogY: params.get('logy') === 'true',
  };
}

export function writeChartView(view: ChartView, params: URLSearchParams): void {
  const set = (name: string, value: string | null) => (value ? params.set(name, value) : params.delete(name));
  set('x', view.axis === 'step' ? null : view.axis);
  set('smooth', view.smoothing > 0 ? String(view.smoothing) : null);
  set('logx', view.isLogX ? 'true' : null);
  set('logy', view.isLogY ? 'true' : null);
}
