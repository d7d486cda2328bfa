'use client';

import { identityRoutes, runArtifactRoutes } from '@mallo/contracts';
import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { toast } from 'sonner';
import { client } from '@/api/client';
import { leaveIfSignedOut } from '@/api/query-provider';
import { useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { useErrorMessage } from '@/errors/use-error-message';
import { useFormat } from '@/format/use-format';
import { Button } from '@/ui/button';
import { CopyButton } from '@/ui/copy-button';
import { ScrollRegion } from '@/ui/scroll-region';
import { Skeleton } from '@/ui/skeleton';
import { Table } from '@/ui/table';
import { type ArtifactRef, uriOf } from './artifact-address';
import { laidOut, PICTURE_LIMIT_BYTES, type PreviewKind, previewKindOf, rowsIn, TEXT_BYTES, textIn } from './preview';

type FileViewProps = { projectId: string; runId: string; artifact: ArtifactRef };

/** A file that a run logged: what is in it as far as it can be shown, and a way to save it. */
export function FileView({ projectId, runId, artifact }: FileViewProps) {
  const t = useTranslations('runs.artifacts');
  const format = useFormat();
  const messageOf = useErrorMessage();
  const { model, path } = artifact;
  const name = path.split('/').at(-1) ?? path;
  const params = { projectId, runId };
  const ofModel = model ? { model } : {};
  // As the tree has it already.
  const folder = path.split('/').slice(0, -1).join('/');
  const listed = useRoute(runArtifactRoutes.list, { params, query: { path: folder, ...ofModel } });
  const sizeBytes = listed.data?.artifacts.find((one) => one.name === name && !one.isFolder)?.sizeBytes ?? null;
  const url = client.url(runArtifactRoutes.file, { params, query: { path, ...ofModel } });
  const save = async () => {
    try {
      // A download cannot renew an expired session; a call before it can.
      await client.call(identityRoutes.me);
      window.location.assign(url);
    } catch (error) {
      if (error instanceof Error) leaveIfSignedOut(error);
      toast.error(messageOf(error));
    }
  };
  const kind = previewKindOf(name);
  return (
    <section aria-label={name} className="flex min-h-0 min-w-0 flex-1 flex-col">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b px-4 py-2 sm:px-6">
        <div className="min-w-0 flex-1">
          <h2 className="wrap-anywhere font-medium text-sm">{path}</h2>
          <p className="tabular text-muted text-xs">{sizeBytes !== null && format.bytes(sizeBytes)}</p>
        </div>
        <CopyButton text={uriOf(runId, artifact)} label={t('copyUri')} />
        <Button size="sm" onClick={save} aria-label={t('downloadOf', { name })}>
          <Download aria-hidden />
          {t('download')}
        </Button>
      </div>
      {listed.error && <ProblemCard problem={listed.error} onRetry={() => listed.refetch()} className="m-4" />}
      {listed.isSuccess && sizeBytes === null && <Note>{t('gone')}</Note>}
      {sizeBytes !== null &&
        (kind === 'picture' ? (
          <Picture key={url} url={url} name={name} sizeBytes={sizeBytes} />
        ) : (
          <TextPreview key={url} {...params} artifact={artifact} kind={kind} sizeBytes={sizeBytes} />
        ))}
    </section>
  );
}

function Note({ children }: { children: string }) {
  return <p className="px-6 py-16 text-center text-muted">{children}</p>;
}

function Picture({ url, name, sizeBytes }: { url: string; name: string; sizeBytes: number }) {
  const t = useTranslations('runs.artifacts');
  const [isBroken, setBroken] = useState(false);
  if (sizeBytes > PICTURE_LIMIT_BYTES) return <Note>{t('tooLarge')}</Note>;
  if (isBroken) return <Note>{t('noPicture')}</Note>;
  return (
    <ScrollRegion label={t('preview')} className="min-h-0 flex-1 p-4 sm:p-6">
      {/* Most plots are drawn for white paper. */}
      <img
        src={url}
        alt={name}
        onError={() => setBroken(true)}
        className="mx-auto max-h-full max-w-full rounded-md border bg-white object-contain"
      />
    </ScrollRegion>
  );
}

type TextPreviewProps = FileViewProps & { kind: Exclude<PreviewKind, 'picture'>; sizeBytes: number };

function TextPreview({ projectId, runId, artifact: { model, path }, kind, sizeBytes }: TextPreviewProps) {
  const t = useTranslations('runs.artifacts');
  const format = useFormat();
  const request = { params: { projectId, runId }, query: { path, ...(model ? { model } : {}) } };
  const read = useQuery({
    queryKey: [runArtifactRoutes.file.path, request],
    queryFn: async ({ signal }) =>
      textIn(await beginOf(await client.download(runArtifactRoutes.file, request, { signal }))),
  });
  if (read.error) return <ProblemCard problem={read.error} onRetry={() => read.refetch()} className="m-4" />;
  if (read.data === undefined) return <Skeleton className="m-6 h-40" />;
  if (read.data === null) return <Note>{t('noText')}</Note>;
  if (read.data === '') return <Note>{t('emptyFile')}</Note>;
  const isCut = sizeBytes > TEXT_BYTES;
  const rows = kind === 'table' ? rowsIn(read.data, path.toLowerCase().endsWith('.tsv') ? '\t' : ',') : [];
  const [head, ...body] = rows;
  return (
    <>
      {isCut && (
        <p role="status" className="border-b bg-sunken px-4 py-1.5 text-muted text-xs sm:px-6">
          {t('cut', { shown: format.bytes(TEXT_BYTES), whole: format.bytes(sizeBytes) })}
        </p>
      )}
      {head ? (
        <Table
          label={t('preview')}
          className="max-h-none min-h-0 flex-1"
          columns={head.map((label) => ({ label }))}
          rows={body.map((cells, index) => ({ key: String(index), cells }))}
        />
      ) : (
        <ScrollRegion label={t('preview')} className="min-h-0 flex-1 px-4 py-3 sm:px-6">
          <pre className="whitespace-pre-wrap break-words font-mono text-sm">
            {kind === 'json' && !isCut ? laidOut(read.data) : read.data}
          </pre>
        </ScrollRegion>
      )}
    </>
  );
}

/** The first bytes of an answer; what comes after them is given up. */
async function beginOf(answer: Response): Promise<Uint8Array> {
  const reader = answer.body?.getReader();
  const bytes = new Uint8Array(TEXT_BYTES);
  let length = 0;
  while (reader && length < TEXT_BYTES) {
    const { done, value } = await reader.read();
    if (done) break;
    const part = value.subarray(0, TEXT_BYTES - length);
    bytes.set(part, length);
    length += part.length;
  }
  await reader?.cancel();
  return bytes.subarray(0, length);
}
