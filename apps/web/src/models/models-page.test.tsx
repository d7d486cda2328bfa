import { type Project, projectRoutes, type RegisteredModel, registryRoutes } from '@mallo/contracts';
import { screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { fakeApi, Refusal, renderPage } from '@/test-page';
import { ModelsPage } from './models-page';
import { RegisterPage } from './register/register-page';

vi.mock('next/navigation', () => ({
  useParams: () => ({}),
  useSearchParams: () => new URLSearchParams(),
  useRouter: () => ({ push: () => undefined, replace: () => undefined }),
}));

const PROJECT: Project = {
  id: 'prj_1',
  name: 'Pets',
  createdAt: '2026-01-02T03:04:05.000Z',
  datasetCount: 0,
  runCount: 0,
  modelCount: 0,
};

function serve(models: () => RegisteredModel[] | Refusal, projects: Project[] = [PROJECT]): void {
  fakeApi([
    [projectRoutes.list, () => projects],
    [registryRoutes.list, models],
    [registryRoutes.storage, () => ({ heldBytes: 0, deleted: [] })],
  ]);
}

test('leads from the models to registering one, also where there are none', async () => {
  serve(() => []);
  renderPage(<ModelsPage />);
  const link = await screen.findByRole('link', { name: 'Register a model' });
  expect(link.getAttribute('href')).toBe('/models/register?project=prj_1');
  await screen.findByRole('heading', { name: 'No models yet' });
});

test('leads to registering one when the models cannot be read', async () => {
  serve(() => new Refusal(500, 'server.unexpected'));
  renderPage(<ModelsPage />);
  await screen.findByRole('alert');
  screen.getByRole('link', { name: 'Register a model' });
});

test('registers into the project that is looked at, and asks for one where there is none', async () => {
  serve(() => []);
  const { unmount } = renderPage(<RegisterPage />);
  await screen.findByRole('form', { name: 'Register a model' });
  screen.getByText(/in Pets/);
  unmount();
  serve(() => [], []);
  renderPage(<RegisterPage />);
  await screen.findByRole('link', { name: /project/i });
  expect(screen.queryByRole('form')).toBeNull();
});
