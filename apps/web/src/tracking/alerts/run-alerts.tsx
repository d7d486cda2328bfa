'use client';

import { RunStatus, trackingRoutes } from '@mallo/contracts';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import { toast } from 'sonner';
import { callRoute } from '@/api/use-route';
import { useFormat } from '@/format/use-format';
import { useCurrentProject } from '@/projects/use-current-project';
import { isActive } from '@/runs/run-status';
import { useFeedListener, useProjectFeed } from '../live/use-project-feed';
import { metricText } from '../metric-text';
import { type Alert, type AlertRule, alertWatch, useAlertRules } from './alert-rules';

const NONE: AlertRule[] = [];

/** Tells of what somebody wanted to be told of, on whichever page they are. */
export function RunAlerts() {
  const { project } = useCurrentProject();
  const rules = useAlertRules((kept) => (project && kept.rules[project.id]) || NONE);
  return project && rules.length > 0 ? <Watch key={project.id} projectId={project.id} rules={rules} /> : null;
}

function Watch({ projectId, rules }: { projectId: string; rules: AlertRule[] }) {
  const t = useTranslations('runs.alerts');
  const status = useTranslations('run.status');
  const format = useFormat();
  const router = useRouter();
  const notifies = useAlertRules((kept) => kept.notifies);
  const metrics = [...new Set(rules.flatMap((rule) => ('metric' in rule ? rule.metric : [])))].toSorted();
  const feed = useProjectFeed(projectId, metrics);
  const watch = useRef(alertWatch()).current;

  useEffect(() => {
    const stopped = new AbortController();
    callRoute(
      trackingRoutes.search,
      { params: { projectId }, body: { statuses: RunStatus.options.filter(isActive), limit: 1000 } },
      stopped.signal,
    )
      .then(({ runs }) => watch.seeGoing(runs.map(({ id }) => id)))
      // Then only ends of runs are told that are seen going on from now on.
      .catch(() => undefined);
    return () => stopped.abort();
  }, [projectId, watch]);

  const tell = async ({ rule, runId, status: now, value }: Alert) => {
    const run = await callRoute(trackingRoutes.run, { params: { runId } }).catch(() => null);
    const name = run?.name ?? runId;
    const text =
      'metric' in rule
        ? t('became', { metric: rule.metric, value: value === null ? '' : metricText(value, format) })
        : status(now);
    const open = () => router.push(`/runs/${runId}`);
    toast(name, { description: text, duration: 20_000, action: { label: t('open'), onClick: open } });
    // Who looks at the page has read it there.
    if (document.visibilityState === 'visible' && document.hasFocus()) return;
    if (!notifies || typeof Notification === 'undefined' || Notification.permission !== 'granted') return;
    try {
      const notification = new Notification(name, { body: text, tag: `${rule.id} ${runId}` });
      notification.onclick = () => {
        window.focus();
        open();
      };
    } catch {
      // On Android pages may not make any. What is on the page stays until somebody has looked at it.
    }
  };
  useFeedListener(feed, {
    onRuns: (runs) => {
      for (const alert of watch.hear(runs, rules)) void tell(alert);
    },
  });
  return null;
}
