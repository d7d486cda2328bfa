import { QueryPage } from '@/tracking/query/query-page';

export default function Page() {
  return <QueryPage />;
}
