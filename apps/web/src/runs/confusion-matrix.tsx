'use client';

import { useTranslations } from 'next-intl';
import { useFormat } from '@/format/use-format';
import { cn } from '@/ui/cn';

/** From this share of a row on, the cell is of the full color and its figure of the opposite. */
const FULL = 0.5;

type ConfusionMatrixProps = { matrix: readonly (readonly number[])[]; classNames: readonly string[] };

/** Who is taken for whom: rows are the true classes, columns what the model said. */
export function ConfusionMatrix({ matrix, classNames }: ConfusionMatrixProps) {
  const t = useTranslations('run.evaluation');
  const format = useFormat();
  return (
    <div className="grid gap-2">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
      <section aria-label={t('confusion')} tabIndex={0} className="max-h-128 overflow-auto">
        <table className="tabular border-separate border-spacing-0.5 text-xs">
          <caption className="sr-only">{t('confusionHint')}</caption>
          <thead>
            <tr>
              <td className="sticky left-0 bg-surface" />
              {classNames.map((name) => (
                <th key={name} scope="col" title={name} className="h-7 max-w-14 truncate px-1 font-medium text-muted">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {matrix.map((row, truth) => {
              const total = row.reduce((sum, count) => sum + count, 0);
              const name = classNames[truth] ?? String(truth);
              return (
                <tr key={name}>
                  <th
                    scope="row"
                    title={name}
                    className="sticky left-0 max-w-28 truncate bg-surface pr-2 text-right font-medium text-muted"
                  >
                    {name}
                  </th>
                  {row.map((count, predicted) => {
                    const share = total > 0 ? count / total : 0;
                    const isRight = truth === predicted;
                    const color = isRight ? 'var(--matrix-right)' : 'var(--matrix-wrong)';
                    return (
                      <td
                        key={classNames[predicted] ?? predicted}
                        title={t('cell', {
                          truth: name,
                          predicted: classNames[predicted] ?? '',
                          count,
                          share: format.percent(share),
                        })}
                        style={{
                          background:
                            count > 0
                              ? `color-mix(in oklab, ${color} ${share > FULL ? 90 + share * 10 : 8 + share * 70}%, var(--sunken))`
                              : undefined,
                        }}
                        className={cn(
                          'h-8 min-w-8 rounded-sm bg-sunken text-center',
                          count === 0 ? 'text-muted' : share > FULL ? 'font-medium text-matrix-fg' : 'text-fg',
                        )}
                      >
                        {count}
                      </td>
                    );
                  })}
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
      <p className="text-muted text-xs">{t('confusionHint')}</p>
    </div>
  );
}
