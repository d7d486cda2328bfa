import { DatasetPage } from '@/datasets/dataset-page';

export default function Page() {
  return <DatasetPage />;
}
