'use client';

import { exportRoutes, type RunCondition } from '@mallo/contracts';
import { useMutation } from '@tanstack/react-query';
import { Download, LoaderCircle } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef } from 'react';
import { toast } from 'sonner';
import { client } from '@/api/client';
import { useErrorMessage } from '@/errors/use-error-message';
import { Button } from '@/ui/button';
import { Menu, MenuItem } from '@/ui/menu';
import { saveFile } from '../query/save-file';

const FILES = [
  { what: 'points', format: 'csv' },
  { what: 'points', format: 'parquet' },
  { what: 'params', format: 'csv' },
  { what: 'params', format: 'parquet' },
] as const;
type File = (typeof FILES)[number];

type RunExportProps = {
  projectId: string;
  search: RunCondition;
  /** Of how many runs. */
  count: number;
};

/** Saves what the runs of a search logged as a file; making a large one can be given up. */
export function RunExport({ projectId, search, count }: RunExportProps) {
  const t = useTranslations('runs.export');
  const messageOf = useErrorMessage();
  const leaving = useRef<AbortController>(null);
  const save = useMutation({
    mutationFn: async ({ what, format }: File) => {
      leaving.current = new AbortController();
      const { experimentIds, runIds, statuses, kinds, filter } = search;
      const body = { experimentIds, runIds, statuses, kinds, filter };
      const request = { params: { projectId }, query: { what, format }, body };
      const answer = await client.download(exportRoutes.exportFound, request, { signal: leaving.current.signal });
      saveFile(await answer.blob(), `${what}.${format}`);
    },
    // Whoever gives up does not need to be told that.
    onError: (error) => error.name !== 'AbortError' && toast.error(messageOf(error)),
  });
  if (save.isPending) {
    return (
      <Button size="sm" autoFocus onClick={() => leaving.current?.abort()}>
        <LoaderCircle aria-hidden className="animate-spin" />
        {t('cancel')}
      </Button>
    );
  }
  return (
    <Menu
      align="end"
      trigger={
        <Button size="sm">
          <Download aria-hidden />
          {t('open', { count })}
        </Button>
      }
    >
      {FILES.map((file) => (
        <MenuItem key={`${file.what}.${file.format}`} onSelect={() => save.mutate(file)}>
          {t(`${file.what}.${file.format}`)}
        </MenuItem>
      ))}
    </Menu>
  );
}
