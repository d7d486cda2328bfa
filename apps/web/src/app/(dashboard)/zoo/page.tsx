import { ZooPage } from '@/zoo/zoo-page';

export default function Page() {
  return <ZooPage />;
}
