import { type Dataset, datasetRoutes, registryRoutes } from '@mallo/contracts';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import { modelVersion } from '@/test-models';
import { fakeApi, Refusal, renderPage } from '@/test-page';
import { FakeUploads, refusal } from './fake-uploads';
import { RegisterForm } from './register-form';

const push = vi.hoisted(() => vi.fn());
vi.mock('next/navigation', () => ({ useRouter: () => ({ push }) }));

const MADE = modelVersion({ version: '1.3.0' });
const NEXT = { major: '2.0.0', minor: '1.3.0', patch: '1.2.4' };
const FILE = new File(['weights'], 'model.onnx', { lastModified: 1 });

type Handlers = { register?: () => unknown; next?: () => unknown; datasets?: Dataset[] };

function renderForm({ register = () => MADE, next = () => NEXT, datasets = [] }: Handlers = {}) {
  const calls = fakeApi([
    [registryRoutes.list, () => ({ models: [], nextCursor: null })],
    [datasetRoutes.list, () => datasets],
    [registryRoutes.nextVersions, next],
    [registryRoutes.register, register],
  ]);
  const uploads = new FakeUploads();
  const sent = () => calls.filter(({ url }) => url.pathname.endsWith('/register')).map(({ body }) => body);
  return { calls, uploads, sent, ...renderPage(<RegisterForm projectId="prj_1" />) };
}

function dataset(name: string): Dataset {
  const createdAt = '2026-11-01T00:00:00.000Z';
  return {
    ...{ id: `dst_${name}`, projectId: 'prj_1', name, taskType: 'classification', createdAt },
    version: {
      ...{ id: `dsv_${name}`, number: 1, createdAt, imageCount: 10, sizeBytes: 10, sha256: 'a'.repeat(64) },
      ...{ classes: [], problems: [], problemCounts: {}, medianWidth: 8, medianHeight: 8 },
    },
  };
}

const choose = (...files: File[]) => userEvent.upload(screen.getByLabelText('Choose files'), files);
const press = () => userEvent.click(screen.getByRole('button', { name: 'Register' }));
const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label);

async function write(label: string, text: string): Promise<void> {
  await userEvent.click(field(label));
  await userEvent.paste(text);
}

async function fill(): Promise<void> {
  await write('Name', 'pets');
  await write('Framework', 'pytorch');
  await write('Architecture', 'resnet18');
}

/** What is read of the field beside its label. */
function noteOf(label: string): string | null | undefined {
  return document.getElementById(field(label).getAttribute('aria-describedby') ?? '')?.textContent;
}

beforeEach(() => {
  push.mockReset();
  localStorage.clear();
});

test('uploads the files, registers them with what was typed, and goes to the version', async () => {
  const { uploads, sent } = renderForm();
  await choose(FILE, new File(['more'], 'labels.zip'));
  const list = within(screen.getByRole('list', { name: 'Chosen files' }));
  await expect.poll(() => list.getAllByText('Uploaded')).toHaveLength(2);
  await fill();
  await write('Input shape', '1, 3, 224, 224');
  await write('Class names', 'cat\ndog');
  await write('Dataset', 'pets-2026');
  await write('Metrics', '{"val_accuracy": 0.97}');
  await write('Memo', 'from the old laptop');
  await userEvent.click(await screen.findByRole('radio', { name: /Major 2\.0\.0/ }));
  await press();
  await expect.poll(() => push.mock.calls).toEqual([['/models/mdl_1?version=1.3.0']]);
  expect([...uploads.kept.values()].map(({ receivedBytes }) => receivedBytes)).toEqual([7, 4]);
  expect(sent()).toEqual([
    {
      name: 'pets',
      bump: 'major',
      files: [
        { uploadId: 'upl_1', name: 'model.onnx' },
        { uploadId: 'upl_2', name: 'labels.zip' },
      ],
      framework: 'pytorch',
      architecture: 'resnet18',
      taskType: 'classification',
      inputShape: [1, 3, 224, 224],
      classNames: ['cat', 'dog'],
      datasetName: 'pets-2026',
      metrics: { val_accuracy: 0.97 },
      memo: 'from the old laptop',
      key: expect.stringMatching(/^\w{32}$/),
    },
  ]);
});

test('says on which dataset of the project the metrics were measured, in place of a name', async () => {
  const { sent } = renderForm({ datasets: [dataset('pets'), dataset('birds')] });
  await choose(FILE);
  await fill();
  await write('Dataset', 'typed before');
  await userEvent.click(await screen.findByRole('combobox', { name: 'Measured on' }));
  await userEvent.click(await screen.findByRole('option', { name: 'birds, version 1' }));
  expect(screen.queryByLabelText('Dataset')).toBeNull();
  await expect.poll(() => screen.queryAllByText('Uploaded')).toHaveLength(1);
  await press();
  await expect.poll(() => push.mock.calls).toHaveLength(1);
  const [body] = sent();
  expect(body).toMatchObject({ datasetVersion: 'dsv_birds' });
  expect(body).not.toHaveProperty('datasetName');
});

test('asks for the next versions once the name rests, and shows each', async () => {
  const { calls } = renderForm();
  await screen.findByText('Type a name to see the versions.');
  await userEvent.type(field('Name'), 'pets');
  await screen.findByRole('radio', { name: /Minor 1\.3\.0/ });
  screen.getByRole('radio', { name: /Major 2\.0\.0/ });
  screen.getByRole('radio', { name: /Patch 1\.2\.4/ });
  screen.getByText('It becomes 1.3.0, if no other is registered before.');
  const asked = calls.filter(({ url }) => url.pathname.endsWith('/next-versions'));
  expect(asked.map(({ url }) => url.searchParams.get('name'))).toEqual(['pets']);
  await userEvent.type(field('Name'), '/..');
  expect(screen.getByRole('radio', { name: /Minor/ }).closest('label')?.textContent).not.toContain('1.3.0');
});

test('says that a new model begins with 1.0.0', async () => {
  renderForm({ next: () => ({ major: '1.0.0', minor: '1.0.0', patch: '1.0.0' }) });
  await userEvent.type(field('Name'), 'new');
  await screen.findByText('The first version of a model is 1.0.0.');
});

test('goes on by itself after a cut, and says so meanwhile', async () => {
  const { uploads } = renderForm();
  const release = Promise.withResolvers<void>();
  uploads.interfere(async ({ method, path, body }) => {
    const upload = uploads.kept.get(path);
    if (method === 'PATCH' && upload?.receivedBytes === 0) {
      upload.receivedBytes = 3;
      return 'cut';
    }
    if (method === 'HEAD') await release.promise;
    expect(body?.size ?? 4).toBe(4);
    return undefined;
  });
  await choose(FILE);
  await screen.findByText('Connection lost; it goes on by itself');
  release.resolve();
  await screen.findByText('Uploaded');
  expect(uploads.requests).toEqual([
    'POST /api/v1/uploads',
    'PATCH /api/v1/uploads/upl_1',
    'HEAD /api/v1/uploads/upl_1',
    'PATCH /api/v1/uploads/upl_1',
  ]);
});

test('keeps what has arrived when the server is away for a moment', async () => {
  const { uploads } = renderForm();
  let refusals = 0;
  uploads.interfere(({ method, path }) => {
    const upload = uploads.kept.get(path);
    if (method === 'PATCH' && refusals === 0) {
      refusals += 1;
      if (upload) upload.receivedBytes = 3;
      return { status: 502, text: '<html>' };
    }
    if (method === 'HEAD' && refusals === 1) {
      refusals += 1;
      return { status: 502, text: '<html>' };
    }
    return undefined;
  });
  await choose(FILE);
  await screen.findByText('Uploaded');
  expect(uploads.requests.filter((request) => request.startsWith('POST'))).toHaveLength(1);
});

test('renews a session that ended while the file was on its way', async () => {
  const { uploads } = renderForm();
  let renewals = 0;
  const answer = fetch;
  vi.stubGlobal('fetch', (address: string, init?: RequestInit) => {
    if (!String(address).endsWith('/refresh')) return answer(address, init);
    renewals += 1;
    return Promise.resolve(Response.json({}));
  });
  uploads.interfere(({ method }) => {
    const isExpired = renewals === 0 && method === 'PATCH';
    return isExpired ? refusal(401, 'auth.required') : undefined;
  });
  await choose(FILE);
  await screen.findByText('Uploaded');
  expect(renewals).toBe(1);
  expect(uploads.kept.size).toBe(1);
});

test('begins anew where the server no longer has the upload', async () => {
  const { uploads } = renderForm();
  let isLost = false;
  uploads.interfere(({ method }) => {
    if (method === 'PATCH' && !isLost) {
      isLost = true;
      uploads.kept.clear();
    }
    return undefined;
  });
  await choose(FILE);
  await screen.findByText('Uploaded');
  expect([...uploads.kept.keys()]).toEqual(['/api/v1/uploads/upl_2']);
});

test('goes on with a file that was chosen before the page was left', async () => {
  const first = renderForm();
  first.uploads.interfere(({ method }) => (method === 'PATCH' ? new Promise(() => {}) : undefined));
  await choose(FILE);
  await expect.poll(() => first.uploads.requests).toContain('PATCH /api/v1/uploads/upl_1');
  first.unmount();
  const second = renderForm();
  second.uploads.kept.set('/api/v1/uploads/upl_1', { sizeBytes: 7, receivedBytes: 5 });
  await choose(FILE);
  await screen.findByText('Uploaded');
  expect(second.uploads.requests).toEqual(['HEAD /api/v1/uploads/upl_1', 'PATCH /api/v1/uploads/upl_1']);
});

test('shows why the server refused a file, and tries again when asked', async () => {
  const { uploads } = renderForm();
  uploads.interfere(() => refusal(507, 'server.disk_full'));
  await choose(FILE);
  const problem = within(await screen.findByRole('alert'));
  problem.getByText('model.onnx');
  problem.getByText(/The disk is full/);
  uploads.interfere(() => undefined);
  await userEvent.click(problem.getByRole('button', { name: 'Try again' }));
  await screen.findByText('Uploaded');
});

test('cancels an upload and frees what has arrived', async () => {
  const { uploads } = renderForm();
  uploads.interfere(({ method }) => (method === 'PATCH' ? new Promise(() => {}) : undefined));
  await choose(FILE);
  await expect.poll(() => uploads.requests).toContain('PATCH /api/v1/uploads/upl_1');
  await userEvent.click(screen.getByRole('button', { name: 'Cancel the upload of model.onnx' }));
  await expect.poll(() => uploads.kept.size).toBe(0);
  expect(screen.queryByText('model.onnx')).toBeNull();
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Choose files' }));
});

test('refuses at once what cannot be a model, and takes the rest', async () => {
  renderForm();
  const dropped = { files: [new File(['x'], 'cat.png'), new File([], 'empty.pt'), FILE, FILE], types: ['Files'] };
  const drop = new Event('drop', { bubbles: true });
  Object.assign(drop, { dataTransfer: dropped });
  screen.getByTestId('model-drop').dispatchEvent(drop);
  const said = await screen.findByRole('alert');
  expect(
    within(said)
      .getAllByRole('listitem')
      .map(({ textContent }) => textContent),
  ).toEqual([
    '“cat.png” is not a model file of these kinds. A file that goes with a model comes in one zip with it.',
    '“empty.pt” is empty.',
    'A file named “model.onnx” is there already.',
  ]);
  expect(within(screen.getByRole('list', { name: 'Chosen files' })).getAllByRole('listitem')).toHaveLength(1);
});

test('says beside each field what is missing, and begins with the first', async () => {
  const { sent } = renderForm();
  await press();
  screen.getByText('Choose at least one file.');
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Choose files' }));
  for (const label of ['Name', 'Framework', 'Architecture']) {
    expect(noteOf(label)).toBe('Fill this in.');
    expect(field(label).getAttribute('aria-invalid')).toBe('true');
  }
  await choose(FILE);
  await screen.findByText('Uploaded');
  await press();
  expect(document.activeElement).toBe(field('Name'));
  await userEvent.type(field('Name'), 'a/../b');
  expect(noteOf('Name')).toContain('no path');
  expect(sent()).toEqual([]);
});

test('does not register while a file is on its way', async () => {
  const { uploads, sent } = renderForm();
  uploads.interfere(({ method }) => (method === 'PATCH' ? new Promise(() => {}) : undefined));
  await choose(FILE);
  await fill();
  await press();
  screen.getByText(/Not all files have arrived/);
  expect(sent()).toEqual([]);
});

test('checks the metrics while they are typed, and does not scold what is half typed', async () => {
  renderForm();
  const metrics = field('Metrics');
  await userEvent.type(metrics, '{{"loss": ');
  expect(noteOf('Metrics')).toBe('This is not complete JSON yet.');
  expect(metrics.getAttribute('aria-invalid')).toBe('false');
  await userEvent.type(metrics, 'NaN');
  expect(noteOf('Metrics')).toMatch(/“loss” is NaN/);
  expect(metrics.getAttribute('aria-invalid')).toBe('true');
  await userEvent.clear(metrics);
  await userEvent.type(metrics, '[[1]');
  expect(noteOf('Metrics')).toMatch(/not a list/);
  await userEvent.clear(metrics);
  await userEvent.type(metrics, '{{"loss": "low"}');
  expect(noteOf('Metrics')).toBe('“loss” is not a number.');
  await userEvent.clear(metrics);
  await userEvent.type(metrics, '{{"loss": 0.1, "f1": 0.9}');
  expect(noteOf('Metrics')).toBe('2 metrics');
  await userEvent.type(metrics, ',');
  await userEvent.tab();
  expect(noteOf('Metrics')).toBe('This is not complete JSON yet.');
  expect(metrics.getAttribute('aria-invalid')).toBe('true');
});

test('sends nothing twice when pressed twice, and the same key again after an error', async () => {
  const answer = Promise.withResolvers<Refusal>();
  let tries = 0;
  const { sent } = renderForm({
    register: () => {
      tries += 1;
      return tries === 1 ? answer.promise : MADE;
    },
  });
  await choose(FILE);
  await screen.findByText('Uploaded');
  await fill();
  await press();
  screen.getByText(/The files are read and checked/);
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Register' }).disabled).toBe(true);
  await userEvent.type(field('Name'), '{Enter}');
  expect(sent()).toHaveLength(1);
  answer.resolve(new Refusal(503, 'server.unavailable'));
  await screen.findByRole('alert');
  await press();
  await expect.poll(() => push.mock.calls).toHaveLength(1);
  const keys = sent().map((body) => (body as { key: string }).key);
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(1);
});

test('uploads again what expired before it was registered', async () => {
  let tries = 0;
  const { uploads, sent } = renderForm({
    register: () => {
      tries += 1;
      return tries === 1 ? new Refusal(404, 'upload.not_found') : MADE;
    },
  });
  await choose(FILE);
  await screen.findByText('Uploaded');
  await fill();
  uploads.kept.clear();
  await press();
  await userEvent.click(await screen.findByRole('button', { name: 'Upload again' }));
  await expect.poll(() => screen.queryByRole('button', { name: 'Upload again' })).toBeNull();
  await screen.findByText('Uploaded');
  await press();
  await expect.poll(() => push.mock.calls).toHaveLength(1);
  expect(sent().at(-1)).toMatchObject({ files: [{ uploadId: 'upl_2', name: 'model.onnx' }] });
});
