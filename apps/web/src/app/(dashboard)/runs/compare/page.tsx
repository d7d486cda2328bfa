import { AnswersAhead } from '@/api/answers-ahead';
import { paramsOf, type SearchParams } from '@/api/search-params';
import { askForCompared } from '@/tracking/ahead';
import { ComparePage } from '@/tracking/compare/compare-page';

export default async function Page({ searchParams }: { searchParams: SearchParams }) {
  const asked = await paramsOf(searchParams);
  return (
    <AnswersAhead ask={(ahead) => askForCompared(ahead, asked)}>
      <ComparePage />
    </AnswersAhead>
  );
}
