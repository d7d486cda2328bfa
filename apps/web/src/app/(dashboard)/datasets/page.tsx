import { DatasetsPage } from '@/datasets/datasets-page';

export default function Page() {
  return <DatasetsPage />;
}
