import { ProjectsPage } from '@/projects/projects-page';

export default function Page() {
  return <ProjectsPage />;
}
