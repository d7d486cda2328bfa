'use client';

import { Bell, BellRing, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { randomKey } from '@/api/random-key';
import { Button } from '@/ui/button';
import { CheckBox } from '@/ui/check-box';
import { Field, Input, SuggestedInput } from '@/ui/field';
import { Popover } from '@/ui/popover';
import { Select } from '@/ui/select';
import { ALERT_KINDS, AlertRule, useAlertRules } from './alert-rules';

type AlertMenuProps = {
  projectId: string;
  /** Only of this one; of any where it is left out. */
  runId?: string;
  /** Metrics that are likely meant. */
  metrics: readonly string[];
};

/** What one wants to be told of; kept in this browser. */
export function AlertMenu({ projectId, runId, metrics }: AlertMenuProps) {
  const t = useTranslations('runs.alerts');
  const { rules, notifies, add, drop, setNotifies } = useAlertRules();
  const [isRefused, setRefused] = useState(false);
  const [kind, setKind] = useState<AlertRule['kind']>('ended');
  const here = (rules[projectId] ?? []).filter((rule) => runId === undefined || rule.runId === runId || !rule.runId);
  const isOfMetric = kind !== 'ended' && kind !== 'failed';
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const rule = AlertRule.safeParse({
      id: randomKey(),
      runId: runId ?? null,
      kind,
      ...(isOfMetric ? { metric: String(data.get('metric')).trim() } : {}),
      ...(kind === 'above' || kind === 'below' ? { value: Number(data.get('value')) } : {}),
    });
    if (rule.success) add(projectId, rule.data);
  };
  const notify = async (on: boolean) => {
    // Asked only now: a page that asks by itself is refused by most.
    const isAllowed =
      on && typeof Notification !== 'undefined' && (await Notification.requestPermission()) === 'granted';
    setNotifies(isAllowed);
    setRefused(on && !isAllowed);
  };
  const Icon = here.length > 0 ? BellRing : Bell;
  return (
    <Popover
      label={t('title')}
      className="w-80 p-3"
      trigger={
        <Button size="icon" variant="ghost" aria-label={t('title')}>
          <Icon aria-hidden className={here.length > 0 ? 'text-accent' : undefined} />
        </Button>
      }
    >
      <div className="grid gap-3">
        <p className="font-medium text-sm">{t(runId ? 'ofRun' : 'ofAny')}</p>
        {here.length > 0 && (
          <ul aria-label={t('rules')} className="grid gap-0.5">
            {here.map((rule) => {
              const text = ruleText(rule);
              return (
                <li key={rule.id} className="flex items-center gap-2 text-sm">
                  <span className="min-w-0 flex-1 truncate">{text}</span>
                  <Button
                    variant="ghost"
                    size="icon"
                    aria-label={t('drop', { rule: text })}
                    onClick={() => drop(projectId, rule.id)}
                  >
                    <Trash2 aria-hidden />
                  </Button>
                </li>
              );
            })}
          </ul>
        )}
        <form onSubmit={submit} className="grid gap-2.5">
          <Select
            label={t('kind')}
            value={kind}
            onValueChange={(next) => setKind(ALERT_KINDS.find((one) => one === next) ?? 'ended')}
            options={ALERT_KINDS.map((value) => ({ value, label: t(`kinds.${value}`) }))}
          />
          {isOfMetric && (
            <Field label={t('metric')}>
              {(control) => (
                <SuggestedInput
                  {...control}
                  name="metric"
                  suggestions={metrics}
                  required
                  maxLength={250}
                  autoComplete="off"
                />
              )}
            </Field>
          )}
          {(kind === 'above' || kind === 'below') && (
            <Field label={t('value')}>
              {(control) => <Input {...control} name="value" type="number" step="any" required />}
            </Field>
          )}
          <Button size="sm" type="submit" variant="primary" className="justify-self-end">
            {t('add')}
          </Button>
        </form>
        <label htmlFor="alerts-notify" className="flex items-center gap-2.5 border-t pt-3 text-sm">
          <CheckBox id="alerts-notify" checked={notifies} onChange={(on) => void notify(on)} />
          {t('notify')}
        </label>
        {isRefused && (
          <p role="alert" className="text-danger text-xs">
            {t('refused')}
          </p>
        )}
        <p className="text-muted text-xs">{t('where')}</p>
      </div>
    </Popover>
  );

  function ruleText(rule: AlertRule): string {
    const name = t(`kinds.${rule.kind}`);
    if (!('metric' in rule)) return name;
    return `${rule.metric}: ${name}${'value' in rule ? ` ${rule.value}` : ''}`;
  }
}
