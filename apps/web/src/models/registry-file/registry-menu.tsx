'use client';

import { identityRoutes, registryFileRoutes } from '@mallo/contracts';
import { Download, Ellipsis, FolderInput } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { toast } from 'sonner';
import { client } from '@/api/client';
import { leaveIfSignedOut } from '@/api/query-provider';
import { useErrorMessage } from '@/errors/use-error-message';
import { Button } from '@/ui/button';
import { Menu, MenuItem } from '@/ui/menu';
import { ImportDialog } from './import-dialog';

/** The whole registry of a project out of here, or into here. */
export function RegistryMenu({ projectId }: { projectId: string }) {
  const t = useTranslations('models.registryFile');
  const messageOf = useErrorMessage();
  const [isImporting, setImporting] = useState(false);
  const download = async () => {
    try {
      // A download cannot renew an expired session; a call before it can.
      await client.call(identityRoutes.me);
      window.location.assign(client.url(registryFileRoutes.export, { params: { projectId } }));
    } catch (error) {
      if (error instanceof Error) leaveIfSignedOut(error);
      toast.error(messageOf(error));
    }
  };
  return (
    <>
      <Menu
        align="end"
        trigger={
          <Button size="icon" aria-label={t('menu')} className="size-9">
            <Ellipsis aria-hidden />
          </Button>
        }
      >
        <MenuItem onSelect={download}>
          <Download aria-hidden />
          {t('export')}
        </MenuItem>
        <MenuItem onSelect={() => setImporting(true)}>
          <FolderInput aria-hidden />
          {t('import')}
        </MenuItem>
      </Menu>
      {isImporting && <ImportDialog projectId={projectId} onClose={() => setImporting(false)} />}
    </>
  );
}
