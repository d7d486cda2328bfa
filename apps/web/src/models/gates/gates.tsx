'use client';

import { type Gate, type GateChange, type RegisteredModel, registryRoutes } from '@mallo/contracts';
import { Settings2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { useFormat } from '@/format/use-format';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Skeleton } from '@/ui/skeleton';
import { GateDialog } from './gate-dialog';

/** What a version must show to become the champion, and who said so. */
export function Gates({ model }: { model: RegisteredModel }) {
  const t = useTranslations('models.gates');
  const [isEditing, setEditing] = useState(false);
  const [isHistoryShown, setHistoryShown] = useState(false);
  const textOf = useGateText();
  return (
    <Section
      title={t('title')}
      aside={
        <Button size="sm" onClick={() => setEditing(true)}>
          <Settings2 aria-hidden />
          {t('set')}
        </Button>
      }
    >
      {model.gates.length === 0 ? (
        <p className="p-4 text-muted">{t('none')}</p>
      ) : (
        <ul aria-label={t('title')} className="divide-y">
          {model.gates.map((gate) => (
            <li key={gate.metric} className="flex min-h-11 items-center px-4 py-2">
              {textOf(gate)}
            </li>
          ))}
        </ul>
      )}
      <div className="border-t px-4 py-2">
        <button
          type="button"
          aria-expanded={isHistoryShown}
          onClick={() => setHistoryShown(!isHistoryShown)}
          className="text-muted text-sm underline underline-offset-4 hover:text-fg"
        >
          {t('history')}
        </button>
        {isHistoryShown && <History modelId={model.id} />}
      </div>
      {isEditing && <GateDialog model={model} onClose={() => setEditing(false)} />}
    </Section>
  );
}

/** A gate in a sentence: "val_accuracy at least the champion's". */
function useGateText(): (gate: Gate) => string {
  const t = useTranslations('models.gates');
  const format = useFormat();
  return ({ metric, direction, margin }) => {
    const least = margin === 0 ? 'same' : margin > 0 ? 'better' : 'worse';
    return t(`needs.${direction}.${least}`, { metric, margin: format.number(Math.abs(margin), 6) });
  };
}

function History({ modelId }: { modelId: string }) {
  const t = useTranslations('models.gates');
  const format = useFormat();
  const textOf = useGateText();
  const changes = useRoute(registryRoutes.gateChanges, { params: { modelId } });
  const said = ({ after }: GateChange) => (after.length === 0 ? t('removed') : after.map(textOf).join(', '));
  return (
    <>
      {changes.error && <ProblemCard problem={changes.error} onRetry={() => changes.refetch()} className="mt-2" />}
      {changes.isPending && <Skeleton className="mt-2 h-10" />}
      {changes.data?.length === 0 && <p className="pt-2 text-muted text-sm">{t('noHistory')}</p>}
      <ol className="grid gap-2 pt-2 text-sm">
        {changes.data?.map((change) => (
          <li key={change.id}>
            <p>{said(change)}</p>
            <p className="text-muted">
              {t('byAt', { by: change.by ?? t('gone'), at: format.date(change.at) })}
              {change.reason && ` · ${change.reason}`}
            </p>
          </li>
        ))}
      </ol>
    </>
  );
}
