import { type Dataset, datasetRoutes, projectRoutes, type SampleKind } from '@mallo/contracts';
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { create } from 'zustand';
import { client } from '@/api/client';
import { leaveIfSignedOut } from '@/api/query-provider';
import { routeKey } from '@/api/use-route';
import { freeName } from './free-name';

type Source = { type: 'upload'; file: File } | { type: 'sample'; kind: SampleKind };

/** A dataset on its way. It goes on while the person looks at other pages. */
export type DatasetJob = {
  id: number;
  projectId: string;
  source: Source;
  startedAtMs: number;
  sentBytes: number;
  state: { status: 'working' } | { status: 'done'; dataset: Dataset } | { status: 'failed'; error: Error };
};

type Jobs = { jobs: DatasetJob[] };
const useJobs = create<Jobs>()(() => ({ jobs: [] }));
const aborts = new Map<number, AbortController>();
let lastId = 0;

function change(id: number, part: Partial<DatasetJob>): void {
  useJobs.setState(({ jobs }) => ({ jobs: jobs.map((job) => (job.id === id ? { ...job, ...part } : job)) }));
}

function dismiss(id: number): void {
  aborts.get(id)?.abort();
  useJobs.setState(({ jobs }) => ({ jobs: jobs.filter((job) => job.id !== id) }));
}

async function make(job: DatasetJob, signal: AbortSignal): Promise<Dataset> {
  const params = { projectId: job.projectId };
  if (job.source.type === 'sample') {
    return client.call(datasetRoutes.createSample, { params, body: { kind: job.source.kind } }, { signal });
  }
  const { file } = job.source;
  const others = await client.call(datasetRoutes.list, { params }, { signal });
  const name = freeName(
    file.name,
    others.map((dataset) => dataset.name),
  );
  return client.upload(datasetRoutes.upload, { params, query: { name } }, file, {
    signal,
    onProgress: (sentBytes) => change(job.id, { sentBytes }),
  });
}

async function work(job: DatasetJob, queryClient: QueryClient): Promise<void> {
  const abort = new AbortController();
  aborts.set(job.id, abort);
  try {
    const dataset = await make(job, abort.signal);
    change(job.id, { state: { status: 'done', dataset } });
    const listKey = routeKey(datasetRoutes.list, { params: { projectId: job.projectId } });
    await queryClient.invalidateQueries({ queryKey: listKey });
    await queryClient.invalidateQueries({ queryKey: routeKey(projectRoutes.list) });
  } catch (error) {
    if (abort.signal.aborted || !(error instanceof Error)) return;
    leaveIfSignedOut(error);
    change(job.id, { state: { status: 'failed', error } });
  } finally {
    aborts.delete(job.id);
  }
}

/** Datasets of a project being made, and the ways to begin, end and repeat one. */
export function useDatasetJobs(projectId: string | undefined) {
  const queryClient = useQueryClient();
  const jobs = useJobs((state) => state.jobs);
  const begin = (source: Source) => {
    if (!projectId) return;
    lastId += 1;
    const job: DatasetJob = {
      id: lastId,
      projectId,
      source,
      startedAtMs: Date.now(),
      sentBytes: 0,
      state: { status: 'working' },
    };
    useJobs.setState((state) => ({ jobs: [...state.jobs, job] }));
    void work(job, queryClient);
  };
  return {
    jobs: jobs.filter((job) => job.projectId === projectId),
    upload: (files: Iterable<File>) => {
      for (const file of files) begin({ type: 'upload', file });
    },
    makeSample: (kind: SampleKind) => begin({ type: 'sample', kind }),
    retry: (job: DatasetJob) => {
      dismiss(job.id);
      begin(job.source);
    },
    dismiss,
  };
}
