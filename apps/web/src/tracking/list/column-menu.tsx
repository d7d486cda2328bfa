'use client';

import { type RunColumns, trackingRoutes } from '@mallo/contracts';
import { Columns3 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import { useRoute } from '@/api/use-route';
import { Button } from '@/ui/button';
import { CheckBox } from '@/ui/check-box';
import { Input } from '@/ui/field';
import { Popover } from '@/ui/popover';
import { Segmented } from '@/ui/segmented';
import { useRested } from '@/ui/use-rested';
import { MOST_NAMES } from '../names-in-address';

const KINDS = ['metrics', 'params', 'tags'] as const;
/** More than these are found by their name. */
const LISTED = 100;

type ColumnMenuProps = {
  projectId: string;
  columns: RunColumns;
  onChange: (columns: RunColumns) => void;
  /** What is chosen, where it is not columns. */
  label?: string;
  kinds?: readonly (keyof RunColumns)[];
};

/** Which metrics, params and tags have a column, among however many there are. */
export function ColumnMenu({ projectId, columns, onChange, label, kinds = KINDS }: ColumnMenuProps) {
  const t = useTranslations('runs.columns');
  const title = label ?? t('title');
  const id = useId();
  const [kind, setKind] = useState<keyof RunColumns>('metrics');
  const [typed, setTyped] = useState('');
  const search = useRested(typed.trim());
  const [open, setOpen] = useState(false);
  const query = { kind, search, limit: LISTED };
  const found = useRoute(trackingRoutes.keys, open ? { params: { projectId }, query } : null, { keepsBefore: true });
  const chosen = columns[kind];
  const isSought = (key: string) => key.toLowerCase().includes(search.toLowerCase());
  const keys = [...new Set([...chosen.filter(isSought), ...(found.data?.keys ?? [])])];
  const more = (found.data?.total ?? 0) - (found.data?.keys.length ?? 0);
  const toggle = (key: string) => {
    const next = chosen.includes(key) ? chosen.filter((one) => one !== key) : [...chosen, key].slice(-MOST_NAMES);
    onChange({ ...columns, [kind]: next });
  };
  return (
    <Popover
      label={title}
      open={open}
      onOpenChange={setOpen}
      className="w-80 p-2"
      trigger={
        <Button size="sm" className="h-8">
          <Columns3 aria-hidden />
          {title}
        </Button>
      }
    >
      <div className="grid gap-2">
        {kinds.length > 1 && (
          <Segmented
            label={t('kind')}
            value={kind}
            onValueChange={setKind}
            options={kinds.map((value) => ({ value, label: t(value) }))}
          />
        )}
        <Input
          type="search"
          aria-label={t('search')}
          placeholder={t('search')}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          className="h-8 [&::-webkit-search-cancel-button]:hidden"
          autoComplete="off"
          spellCheck={false}
        />
        <ul aria-label={t(kind)} className="max-h-72 overflow-y-auto">
          {keys.map((key) => (
            <li key={key}>
              <label
                htmlFor={`${id}-${key}`}
                className="flex min-h-8 cursor-pointer items-center gap-2.5 rounded-lg px-2 hover:bg-hover has-focus-visible:bg-hover"
              >
                <CheckBox id={`${id}-${key}`} checked={chosen.includes(key)} onChange={() => toggle(key)} />
                <span className="min-w-0 flex-1 truncate font-mono text-xs" title={key}>
                  {key}
                </span>
              </label>
            </li>
          ))}
        </ul>
        {found.isSuccess && keys.length === 0 && <p className="px-2 pb-2 text-muted text-sm">{t('none')}</p>}
        {more > 0 && <p className="px-2 pb-1 text-muted text-xs">{t('more', { count: more })}</p>}
      </div>
    </Popover>
  );
}
