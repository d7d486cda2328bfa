import { AnswersAhead } from '@/api/answers-ahead';
import { paramsOf, type SearchParams } from '@/api/search-params';
import { askForRun } from '@/tracking/ahead';
import { RunPage } from '@/tracking/run/run-page';

type RunPageProps = { params: Promise<{ runId: string }>; searchParams: SearchParams };

export default async function Page({ params, searchParams }: RunPageProps) {
  const { runId } = await params;
  const asked = await paramsOf(searchParams);
  return (
    <AnswersAhead ask={(ahead) => askForRun(ahead, runId, asked)}>
      <RunPage />
    </AnswersAhead>
  );
}
