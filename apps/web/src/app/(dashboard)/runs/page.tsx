import { AnswersAhead } from '@/api/answers-ahead';
import { paramsOf, type SearchParams } from '@/api/search-params';
import { askForRuns } from '@/tracking/ahead';
import { RunsPage } from '@/tracking/list/runs-page';

export default async function Page({ searchParams }: { searchParams: SearchParams }) {
  const asked = await paramsOf(searchParams);
  return (
    <AnswersAhead ask={(ahead) => askForRuns(ahead, asked)}>
      <RunsPage />
    </AnswersAhead>
  );
}
