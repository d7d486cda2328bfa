import { ModelPage } from '@/models/model-page';

export default function Page() {
  return <ModelPage />;
}
