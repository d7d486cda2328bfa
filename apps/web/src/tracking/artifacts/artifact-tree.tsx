'use client';

import { type RunModel, runArtifactRoutes } from '@mallo/contracts';
import {
  Boxes,
  ChevronRight,
  File,
  FileImage,
  FileSpreadsheet,
  Folder,
  FolderOpen,
  type LucideIcon,
} from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { useFormat } from '@/format/use-format';
import { cn } from '@/ui/cn';
import { Skeleton } from '@/ui/skeleton';
import { type ArtifactRef, inFolder, isSame, isUnder } from './artifact-address';
import { previewKindOf } from './preview';

/** Pixels that each level is further in. */
const INDENT = 16;

type TreeProps = {
  projectId: string;
  runId: string;
  models: readonly RunModel[];
  chosen: ArtifactRef | null;
  onChoose: (artifact: ArtifactRef) => void;
};

/** Models and files of a run, folder by folder; each is asked for when it is opened. */
export function ArtifactTree(props: TreeProps) {
  const t = useTranslations('runs.artifacts');
  return (
    <ul aria-label={t('tree')} className="py-2">
      {props.models
        .filter(({ modelId }) => modelId !== null)
        .map(({ source, name, modelId }) => (
          <FolderRow key={source} {...props} folder={{ model: modelId, path: '' }} name={name} isModel depth={0} />
        ))}
      <Children {...props} folder={{ model: null, path: '' }} depth={0} />
    </ul>
  );
}

type FolderProps = TreeProps & { folder: ArtifactRef; depth: number };

function Children({ folder, depth, ...tree }: FolderProps) {
  const t = useTranslations('runs.artifacts');
  const { projectId, runId, models, chosen, onChoose } = tree;
  const query = { path: folder.path, ...(folder.model ? { model: folder.model } : {}) };
  const listed = useRoute(runArtifactRoutes.list, { params: { projectId, runId }, query });
  if (listed.error) {
    return (
      <li className="p-2">
        <ProblemCard problem={listed.error} onRetry={() => listed.refetch()} />
      </li>
    );
  }
  if (!listed.data) {
    return (
      <li className="px-3 py-1.5" style={{ paddingLeft: 12 + depth * INDENT }}>
        <Skeleton className="h-4" />
      </li>
    );
  }
  if (listed.data.artifacts.length === 0 && depth > 0) {
    return (
      <li className="py-1 text-muted text-sm" style={{ paddingLeft: 32 + depth * INDENT }}>
        {t('emptyFolder')}
      </li>
    );
  }
  return listed.data.artifacts.map(({ name, isFolder, sizeBytes }) => {
    const artifact = { model: folder.model, path: inFolder(folder.path) + name };
    if (isFolder) {
      const isModel = folder.model === null && models.some((one) => one.modelId === null && one.name === artifact.path);
      return <FolderRow key={name} {...tree} folder={artifact} name={name} isModel={isModel} depth={depth} />;
    }
    return (
      <li key={name}>
        <Row
          icon={ICONS[previewKindOf(name)]}
          name={name}
          depth={depth}
          sizeBytes={sizeBytes}
          isChosen={isSame(chosen, artifact)}
          onClick={() => onChoose(artifact)}
        />
      </li>
    );
  });
}

const ICONS = { picture: FileImage, table: FileSpreadsheet, json: File, text: File } satisfies Record<
  string,
  LucideIcon
>;

function FolderRow({ name, isModel, ...props }: FolderProps & { name: string; isModel: boolean }) {
  const { folder, depth, chosen, onChoose } = props;
  const holdsChosen = isUnder(chosen, folder);
  const [isOpen, setOpen] = useState(holdsChosen);
  // An address may lead to what lies in it.
  useEffect(() => {
    if (holdsChosen) setOpen(true);
  }, [holdsChosen]);
  const toggle = () => {
    if (isModel) onChoose(folder);
    // What is only looked at again stays open.
    setOpen(!isOpen || (isModel && !isSame(chosen, folder)));
  };
  return (
    <li>
      <Row
        icon={isModel ? Boxes : isOpen ? FolderOpen : Folder}
        name={name}
        depth={depth}
        isOpen={isOpen}
        isChosen={isModel && isSame(chosen, folder)}
        onClick={toggle}
      />
      {isOpen && (
        <ul aria-label={name}>
          <Children {...props} depth={depth + 1} />
        </ul>
      )}
    </li>
  );
}

type RowProps = {
  icon: LucideIcon;
  name: string;
  depth: number;
  /** Of a folder. */
  isOpen?: boolean;
  sizeBytes?: number | null;
  isChosen: boolean;
  onClick: () => void;
};

function Row({ icon: Icon, name, depth, isOpen, sizeBytes, isChosen, onClick }: RowProps) {
  const format = useFormat();
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      aria-current={isChosen || undefined}
      onClick={onClick}
      title={name}
      className="flex h-8 w-full items-center gap-1.5 pr-3 text-left text-sm -outline-offset-2 hover:bg-hover aria-[current]:bg-accent-soft"
      style={{ paddingLeft: 8 + depth * INDENT }}
    >
      <ChevronRight
        aria-hidden
        className={cn(
          'size-4 shrink-0 text-muted transition-transform',
          isOpen && 'rotate-90',
          isOpen === undefined && 'invisible',
        )}
      />
      <Icon aria-hidden className={cn('size-4 shrink-0', Icon === Boxes ? 'text-accent' : 'text-muted')} />
      <span className="min-w-0 flex-1 truncate">{name}</span>
      {sizeBytes !== undefined && sizeBytes !== null && (
        <span className="tabular shrink-0 text-muted text-xs">{format.bytes(sizeBytes)}</span>
      )}
    </button>
  );
}
