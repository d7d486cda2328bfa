'use client';

import { ApiError } from '@mallo/client';
import { type ModelVersion, type RegisteredModel, type RunResult, registryRoutes } from '@mallo/contracts';
import { Ban, Boxes } from 'lucide-react';
import { useParams, useRouter, useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useEffect } from 'react';
import { useRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { useFormat } from '@/format/use-format';
import { ClassMetrics } from '@/runs/class-metrics';
import { ConfusionMatrix } from '@/runs/confusion-matrix';
import { useWorkspace } from '@/shell/use-workspace';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { Link } from '@/ui/link';
import { Page } from '@/ui/page';
import { Select } from '@/ui/select';
import { Skeleton } from '@/ui/skeleton';
import { Aliases } from './aliases';
import { Artifacts } from './artifacts';
import { ModelCard } from './card/model-card';
import { Conversion, canBeConverted } from './conversion/conversion';
import { DeletedVersions } from './deleted-versions';
import { Gates } from './gates/gates';
import { Layers } from './layers/layers';
import { Lineage } from './lineage';
import { LoggedDetails } from './logged-details';
import { MadeBy } from './made-by';
import { Notes } from './notes/notes';
import { Tags } from './tags/tags';
import { TryModel } from './try/try-model';
import { UploadDetails } from './upload-details';
import { useMainFigure } from './use-main-figure';
import { VersionFigures } from './version-figures';
import { VersionMenu } from './version-menu';
import { Kin } from './versions/kin';
import { Versions } from './versions/versions';

/** What the api says of a reference that means no version, or that is none. */
const NO_VERSION: readonly string[] = [
  'model.not_found',
  'model.version_unknown',
  'model.alias_unknown',
  'model.metric_unknown',
  'model.stage_empty',
  'request.invalid',
];

export function ModelPage() {
  const t = useTranslations('models');
  const { modelId } = useParams<{ modelId: string }>();
  const model = useRoute(registryRoutes.get, { params: { modelId } });
  const asked = useSearchParams().get('version');

  const chooseProject = useWorkspace((workspace) => workspace.chooseProject);
  const projectId = model.data?.projectId;
  useEffect(() => {
    if (projectId) chooseProject(projectId);
  }, [projectId, chooseProject]);

  if (model.error) {
    return (
      <Page title={t('title')}>
        <ProblemCard problem={model.error} onRetry={() => model.refetch()} />
      </Page>
    );
  }
  if (!model.data) return <ModelSkeleton />;
  const { versions } = model.data;
  const chosen = versions.find(({ deprecation }) => deprecation === null) ?? versions[0];
  if (!chosen) {
    return (
      <Page title={model.data.name}>
        <EmptyState icon={Boxes} title={t('allDeleted.title')} text={t('allDeleted.text')} />
        <DeletedVersions projectId={model.data.projectId} />
      </Page>
    );
  }
  const isNumber = versions.some(({ version }) => version === asked);
  if (asked !== null && !isNumber) return <ReferencePage model={model.data} reference={asked} />;
  const version = asked ?? chosen.version;
  return <VersionPage key={version} model={model.data} version={version} />;
}

/** Leads to the version that an address means which names none by its number, such as `?version=@champion`. */
function ReferencePage({ model, reference }: { model: RegisteredModel; reference: string }) {
  const t = useTranslations('models.noSuchVersion');
  const router = useRouter();
  const uri = `mallo://models/${encodeURIComponent(model.name)}/${reference}`;
  const meant = useRoute(registryRoutes.resolve, { query: { uri, project: model.projectId } });
  const version = meant.data?.version;
  useEffect(() => {
    // From here on the page stays with that version, also when the alias moves.
    if (version) router.replace(`?version=${version}${window.location.hash}`, { scroll: false });
  }, [version, router]);
  if (version) return <VersionPage key={version} model={model} version={version} />;
  if (!meant.error) return <ModelSkeleton />;
  const isNone = meant.error instanceof ApiError && NO_VERSION.includes(meant.error.code);
  return (
    <Page title={model.name}>
      {isNone ? (
        <EmptyState icon={Boxes} title={t('title', { reference })} text={t('text')}>
          <Button asChild>
            <Link href={`/models/${model.id}`}>{t('action')}</Link>
          </Button>
        </EmptyState>
      ) : (
        <ProblemCard problem={meant.error} onRetry={() => meant.refetch()} />
      )}
    </Page>
  );
}

function VersionPage({ model, version }: { model: RegisteredModel; version: string }) {
  const t = useTranslations('models');
  const format = useFormat();
  const mainFigureOf = useMainFigure();
  const router = useRouter();
  const details = useRoute(registryRoutes.version, { params: { modelId: model.id, version } });

  // The sections come after the address was read, so the one it names is looked for again.
  const isLoaded = details.data !== undefined;
  useEffect(() => {
    const { hash } = window.location;
    if (isLoaded && hash) document.getElementById(hash.slice(1))?.scrollIntoView();
  }, [isLoaded]);

  return (
    <Page
      title={model.name}
      description={
        details.data &&
        t('subtitle', { architecture: details.data.architecture, when: format.date(details.data.createdAt) })
      }
      actions={
        <div className="flex items-center gap-2">
          <Select
            label={t('version')}
            className="w-64 max-w-full"
            value={version}
            onValueChange={(next) => router.replace(`?version=${next}`, { scroll: false })}
            options={model.versions.map((one) => ({
              value: one.version,
              label: [
                one.version,
                mainFigureOf(model.taskType, one)?.text,
                ...Object.keys(model.aliases).flatMap((alias) =>
                  model.aliases[alias] === one.version ? `@${alias}` : [],
                ),
              ]
                .filter(Boolean)
                .join(' · '),
            }))}
          />
          {details.data && <VersionMenu model={model} version={details.data} />}
        </div>
      }
    >
      {details.error && <ProblemCard problem={details.error} onRetry={() => details.refetch()} />}
      {details.isPending && (
        <>
          <Skeleton className="h-24 rounded-xl" />
          <Skeleton className="h-80 rounded-xl" />
        </>
      )}
      {details.data && (
        <>
          {details.data.deprecation && (
            <p className="flex items-start gap-2 rounded-xl border bg-sunken px-4 py-3">
              <Ban aria-hidden className="mt-0.5 size-4.5 shrink-0 text-warn" />
              {t('lifecycle.banner', { reason: details.data.deprecation })}
            </p>
          )}
          <Kin version={details.data} />
          <VersionFigures version={details.data} />
          <div id="try" className="scroll-mt-4">
            <TryModel model={model} version={details.data} />
          </div>
          {canBeConverted(details.data) && <Conversion version={details.data} />}
          <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-2">
            <Aliases model={model} version={version} />
            <div className="grid grid-cols-1 gap-6">
              <Versions model={model} version={version} />
              <Gates model={model} />
            </div>
          </div>
          {details.data.result ? (
            <TrainedParts version={details.data} result={details.data.result} />
          ) : (
            <UploadDetails version={details.data} taskType={model.taskType} />
          )}
          <ModelCard version={details.data} />
          {details.data.logged && <LoggedDetails version={details.data} logged={details.data.logged} />}
          <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-2">
            <Notes version={details.data} />
            <Tags model={model} version={details.data} />
          </div>
          <Layers version={details.data} />
          <Artifacts version={details.data} />
          <Lineage version={details.data} />
        </>
      )}
    </Page>
  );
}

/** What only a version has that was trained here. */
function TrainedParts({ version, result }: { version: ModelVersion; result: RunResult }) {
  const t = useTranslations('models');
  return (
    <>
      <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-2">
        <div id="confusion" className="scroll-mt-4">
          <Section title={t('confusion')}>
            <div className="p-4">
              <ConfusionMatrix matrix={result.confusionMatrix} classNames={version.classNames ?? []} />
            </div>
          </Section>
        </div>
        <Section title={t('perClass')}>
          <ClassMetrics perClass={result.perClass} />
        </Section>
      </div>
      <div id="conversation" className="scroll-mt-4">
        <MadeBy version={version} />
      </div>
    </>
  );
}

function ModelSkeleton() {
  return (
    <Page title={null}>
      <Skeleton className="h-24 rounded-xl" />
      <Skeleton className="h-80 rounded-xl" />
    </Page>
  );
}
