import { Tokens } from '@mallo/backend';
import { createClient } from '@mallo/client';
import { projectRoutes as routes, trackingRoutes } from '@mallo/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/api.js';
import { addRun } from '../testing/rows.js';
import { startTelemetry } from '../testing/telemetry.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

it('lists my projects, the oldest first, with what is in them', async () => {
  await addRun(api);
  await api.owner.call(routes.create, { body: { name: '  불량 검사 ' } });
  const list = await api.owner.call(routes.list);
  expect(list.map(({ name }) => name)).toEqual(['Cats', '불량 검사']);
  expect(list[0]).toMatchObject({ id: api.projectId, datasetCount: 1, runCount: 1, modelCount: 0 });
});

it('does not count deleted datasets', async () => {
  await api.database.dataset.updateMany({ data: { deletedAt: new Date(), takenName: null } });
  const project = await api.owner.call(routes.get, { params: { projectId: api.projectId } });
  expect(project.datasetCount).toBe(0);
});

it('refuses a name I have already, also twice at once', async () => {
  const create = () => api.owner.call(routes.create, { body: { name: 'Twice' } });
  const both = await Promise.allSettled([create(), create()]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  await expect(create()).rejects.toMatchObject({ code: 'project.name_taken', params: { name: 'Twice' } });
});

it('finds a name taken however its letters are written', async () => {
  const create = (name: string) => api.owner.call(routes.create, { body: { name } });
  expect((await create('불량'.normalize('NFD'))).name).toBe('불량');
  await expect(create('불량')).rejects.toMatchObject({ code: 'project.name_taken', params: { name: '불량' } });
});

it('says that a name may hold nothing invisible', async () => {
  await expect(api.owner.call(routes.create, { body: { name: 'Cats\u200B' } })).rejects.toMatchObject({
    code: 'request.invalid',
    messages: {
      en: expect.stringContaining('body.name: must be text without invisible characters'),
      ko: expect.stringContaining('body.name: 보이지 않는 문자가 없는 글이어야 합니다'),
    },
  });
});

it.each([' ', 'x'.repeat(101)])('refuses a name that is none or too long', async (name) => {
  await expect(api.owner.call(routes.create, { body: { name } })).rejects.toMatchObject({ code: 'request.invalid' });
});

it("shows nobody someone else's project, and lets both use one name", async () => {
  await api.database.user.create({ data: { id: 'usr_stranger', name: 'S', locale: 'ko' } });
  const stranger = createClient({ baseUrl: api.url, accessToken: await api.tokenOf('usr_stranger') });
  expect(await stranger.call(routes.list)).toEqual([]);
  const answer = stranger.call(routes.get, { params: { projectId: api.projectId } });
  await expect(answer).rejects.toMatchObject({ code: 'project.not_found', status: 404 });
  expect((await stranger.call(routes.create, { body: { name: 'Cats' } })).name).toBe('Cats');
});

it('tells the other parts of Mallo whose a project is, and nobody else', async () => {
  const accessToken = await new Tokens(api.settings.MALLO_JWT_SECRET).sign({ kind: 'service' });
  const service = createClient({ baseUrl: api.url, accessToken });
  const { id: ownerId } = await api.database.user.findFirstOrThrow({
    where: { projects: { some: { name: 'Twice' } } },
  });
  expect(await service.call(routes.owner, { params: { projectId: api.projectId } })).toEqual({ ownerId });
  await expect(service.call(routes.owner, { params: { projectId: 'prj_1' } })).rejects.toMatchObject({ status: 404 });
  const answer = api.owner.call(routes.owner, { params: { projectId: api.projectId } });
  await expect(answer).rejects.toMatchObject({ code: 'auth.forbidden' });
});

it('a project without any run has its default experiment in tracking, for its owner alone', async () => {
  const { settings, owner, projectId, url: apiUrl } = api;
  const telemetry = await startTelemetry(settings.DATABASE_URL, settings.MALLO_JWT_SECRET, { apiUrl });
  try {
    const experimentsFor = (accessToken: string | undefined) =>
      createClient({ baseUrl: telemetry.url, accessToken }).call(trackingRoutes.experiments, { params: { projectId } });
    await expect(experimentsFor(await api.tokenOf('usr_stranger'))).rejects.toMatchObject({
      code: 'project.not_found',
    });
    expect(await experimentsFor(owner.accessToken)).toMatchObject([{ id: '0', name: 'Default', runCount: 0 }]);
  } finally {
    await telemetry.stop();
  }
});
