'use client';

import { CircleQuestionMark } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/ui/button';
import { Popover } from '@/ui/popover';

const EXAMPLES = {
  name: "attributes.run_name ILIKE '%resnet%'",
  metric: 'metrics.val_accuracy > 0.9',
  param: "params.model = 'resnet50'",
  quoted: 'metrics.`val/acc` >= 0.9',
  tag: "tags.team LIKE 'vis%'",
  absent: 'tags.reviewed IS NULL',
  status: "attributes.status = 'FAILED'",
  and: "metrics.loss < 0.5 AND params.lr = '0.001'",
} as const;

/** How conditions are written; each example can be tried. */
export function FilterHelp({ onTry }: { onTry: (filter: string) => void }) {
  const t = useTranslations('runs.help');
  const [open, setOpen] = useState(false);
  return (
    <Popover
      label={t('title')}
      open={open}
      onOpenChange={setOpen}
      className="w-96 p-3"
      trigger={
        <Button size="icon" variant="ghost" aria-label={t('title')}>
          <CircleQuestionMark aria-hidden />
        </Button>
      }
    >
      <div className="grid gap-2">
        <p className="text-sm">{t('text')}</p>
        <ul className="grid">
          {Object.entries(EXAMPLES).map(([name, example]) => (
            <li key={name}>
              <button
                type="button"
                onClick={() => {
                  onTry(example);
                  setOpen(false);
                }}
                className="grid w-full gap-0.5 rounded-lg px-2 py-1.5 text-left hover:bg-hover"
              >
                <span className="text-muted text-xs">{t(`examples.${name as keyof typeof EXAMPLES}`)}</span>
                <code className="font-mono text-xs">{example}</code>
              </button>
            </li>
          ))}
        </ul>
        <p className="text-muted text-xs">{t('fields')}</p>
      </div>
    </Popover>
  );
}
