import { ACCESS_COOKIE, REFRESH_COOKIE, Tokens } from '@mallo/backend';
import { createClient } from '@mallo/client';
import { projectRoutes, identityRoutes as routes, runRoutes } from '@mallo/contracts';
import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OWNER, startTestApi, type TestApi } from '../testing/api.js';
import { addRun } from '../testing/rows.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

/** A plain request, for what a client would not show: cookies, other origins, other addresses. */
async function send(
  path: string,
  { method = 'POST', body, headers = {} }: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<{ status: number; code?: string; json: Record<string, unknown>; cookies: string[] }> {
  const answer = await fetch(api.url + path, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  const json = text ? JSON.parse(text) : {};
  return { status: answer.status, code: json.error?.code, json, cookies: answer.headers.getSetCookie() };
}

const credentials = { email: OWNER.email, password: OWNER.password };
let addresses = 0;
/** Wrong tries are counted by address, so tests that try have one each. */
function fromElsewhere(): Record<string, string> {
  addresses += 1;
  return { 'x-forwarded-for': `10.0.0.${addresses}` };
}

async function signIn(): Promise<{ accessToken: string; refreshToken: string }> {
  const { json } = await send(routes.login.path, {
    body: { ...credentials, session: 'token' },
    headers: fromElsewhere(),
  });
  return json as { accessToken: string; refreshToken: string };
}

const refresh = (refreshToken: string) => send(routes.refresh.path, { body: { refreshToken } });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const whoAmI = (token: string) => send(routes.me.path, { method: 'GET', headers: bearer(token) });

describe('the first visit', () => {
  it('makes one owner, however many register at once, and closes registration', async () => {
    await api.database.user.deleteMany();
    expect(await api.anonymous.call(routes.status)).toEqual({ ownerExists: false });
    const register = (email: string) =>
      api.anonymous.call(routes.register, { body: { ...OWNER, email, session: 'token' } });
    const tries = await Promise.allSettled(['a@example.com', 'b@example.com', 'c@example.com'].map(register));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await api.database.user.count()).toBe(1);
    expect(await api.anonymous.call(routes.status)).toEqual({ ownerExists: true });
    await expect(register('d@example.com')).rejects.toMatchObject({ code: 'auth.registration_closed' });
  });

  it('gives a password to the account that the terminal made before', async () => {
    await api.database.user.deleteMany();
    const key = api.settings.MALLO_LOCAL_KEY ?? '';
    const terminal = await api.anonymous.call(routes.local, { body: { key } });
    expect(await api.anonymous.call(routes.status)).toEqual({ ownerExists: false });
    const browser = await api.anonymous.call(routes.register, { body: { ...OWNER, locale: 'ko', session: 'token' } });
    expect(browser.user).toMatchObject({ id: terminal.user.id, email: OWNER.email, locale: 'ko' });
  });

  it.each([
    ['an address that is none', { email: 'nobody' }],
    ['a short password', { password: 'short' }],
    ['no name', { name: '  ' }],
    ['what was not asked for', { role: 'admin' }],
  ])('refuses %s', async (_, change) => {
    expect(await send(routes.register.path, { body: { ...OWNER, ...change } })).toMatchObject({
      status: 400,
      code: 'request.invalid',
    });
  });

  it('keeps passwords as argon2id only', async () => {
    const { passwordHash } = await api.database.user.findFirstOrThrow();
    expect(passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });
});

describe('signing in', () => {
  it('does not care about capitals in the address', async () => {
    const body = { ...credentials, email: OWNER.email.toUpperCase() };
    expect((await send(routes.login.path, { body, headers: fromElsewhere() })).status).toBe(200);
  });

  it('says the same for a wrong password and for an unknown address', async () => {
    const headers = fromElsewhere();
    const wrong = await send(routes.login.path, { body: { ...credentials, password: 'not this one' }, headers });
    const unknown = await send(routes.login.path, { body: { ...credentials, email: 'x@example.com' }, headers });
    expect(wrong).toMatchObject({ status: 401, code: 'auth.wrong_credentials' });
    expect({ ...(unknown.json.error as object), traceId: '' }).toEqual({
      ...(wrong.json.error as object),
      traceId: '',
    });
  });

  it('gives the browser cookies that no script can read, and no tokens', async () => {
    const { json, cookies } = await send(routes.login.path, { body: credentials, headers: fromElsewhere() });
    expect(Object.keys(json).sort()).toEqual(['accessExpiresAt', 'user']);
    expect(cookies).toHaveLength(2);
    for (const cookie of cookies) expect(cookie).toMatch(/HttpOnly; SameSite=Lax$/);
    expect(cookies.find((cookie) => cookie.startsWith(REFRESH_COOKIE))).toContain('Path=/api/v1/auth;');
    const access = cookies.find((cookie) => cookie.startsWith(ACCESS_COOKIE))?.split(';')[0] ?? '';
    expect((await send(routes.me.path, { method: 'GET', headers: { cookie: access } })).status).toBe(200);
  });

  it('stops after ten wrong passwords from one address, and says for how long', async () => {
    const headers = fromElsewhere();
    const wrong = { ...credentials, password: 'guess' };
    const tries = await Promise.all(
      Array.from({ length: 10 }, () => send(routes.login.path, { body: wrong, headers })),
    );
    expect(new Set(tries.map(({ code }) => code))).toEqual(new Set(['auth.wrong_credentials']));
    const refused = await send(routes.login.path, { body: credentials, headers });
    expect(refused).toMatchObject({ status: 429, code: 'request.too_many' });
    expect((refused.json.error as { params: { seconds: number } }).params.seconds).toBeGreaterThan(0);
    expect((await send(routes.login.path, { body: credentials, headers: fromElsewhere() })).status).toBe(200);
  });

  it('does not count right passwords', async () => {
    const headers = fromElsewhere();
    for (let times = 0; times < 12; times += 1) {
      expect((await send(routes.login.path, { body: credentials, headers })).status).toBe(200);
    }
  });

  it('works from the terminal of this machine with its key alone', async () => {
    const right = await send(routes.local.path, {
      body: { key: api.settings.MALLO_LOCAL_KEY },
      headers: fromElsewhere(),
    });
    expect((await whoAmI(String(right.json.accessToken))).json.email).toBe(OWNER.email);
    const wrong = await send(routes.local.path, { body: { key: 'some other key' }, headers: fromElsewhere() });
    expect(wrong).toMatchObject({ status: 401, code: 'auth.wrong_credentials' });
  });
});

describe('a refresh token', () => {
  it('is exchanged for the next pair', async () => {
    const first = await signIn();
    const next = await refresh(first.refreshToken);
    expect(next.status).toBe(200);
    expect(next.json.refreshToken).not.toBe(first.refreshToken);
    expect((await whoAmI(String(next.json.accessToken))).status).toBe(200);
  });

  it('works again within 20 seconds, as its answer may have been lost', async () => {
    const { refreshToken } = await signIn();
    const answers = await Promise.all([refresh(refreshToken), refresh(refreshToken), refresh(refreshToken)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(answers.map(({ json }) => json.refreshToken)).size).toBe(3);
  });

  it('ends the whole session when it comes back later, whoever has the newer one', async () => {
    const { refreshToken } = await signIn();
    const next = await refresh(refreshToken);
    await api.database.session.updateMany({
      data: { usedAt: new Date(Date.now() - 21_000) },
      where: { usedAt: { not: null } },
    });
    expect(await refresh(refreshToken)).toMatchObject({ status: 401, code: 'auth.session_reused' });
    expect(await refresh(String(next.json.refreshToken))).toMatchObject({ status: 401, code: 'auth.session_expired' });
  });

  it('ends the whole session when it comes back after its successor was used, also within 20 seconds', async () => {
    const { refreshToken } = await signIn();
    const second = String((await refresh(refreshToken)).json.refreshToken);
    const third = String((await refresh(second)).json.refreshToken);
    expect(await refresh(refreshToken)).toMatchObject({ status: 401, code: 'auth.session_reused' });
    expect(await refresh(third)).toMatchObject({ status: 401, code: 'auth.session_expired' });
  });

  it('leaves other sessions of the same person alone', async () => {
    const [stolen, other] = [await signIn(), await signIn()];
    const second = String((await refresh(stolen.refreshToken)).json.refreshToken);
    await refresh(second);
    await refresh(stolen.refreshToken);
    expect((await refresh(other.refreshToken)).status).toBe(200);
  });

  it('ends after 30 days', async () => {
    const { refreshToken } = await signIn();
    const left = await api.database.session.findFirstOrThrow({ orderBy: { createdAt: 'desc' } });
    expect((left.expiresAt.getTime() - left.createdAt.getTime()) / 86_400_000).toBeCloseTo(30, 3);
    await api.database.session.update({ where: { id: left.id }, data: { expiresAt: new Date(Date.now() - 1) } });
    expect(await refresh(refreshToken)).toMatchObject({ status: 401, code: 'auth.session_expired' });
  });

  it('is gone after signing out', async () => {
    const { refreshToken } = await signIn();
    const out = await send(routes.logout.path, { body: { refreshToken } });
    expect(out.status).toBe(204);
    expect(out.cookies.every((cookie) => cookie.includes('Max-Age=0'))).toBe(true);
    expect(await refresh(refreshToken)).toMatchObject({ status: 401, code: 'auth.session_expired' });
  });

  it('comes from the cookie in a browser, and goes back there', async () => {
    const { cookies } = await send(routes.login.path, { body: credentials, headers: fromElsewhere() });
    const cookie = cookies.find((one) => one.startsWith(REFRESH_COOKIE))?.split(';')[0] ?? '';
    const next = await send(routes.refresh.path, { body: {}, headers: { cookie } });
    expect(next.status).toBe(200);
    expect(next.cookies).toHaveLength(2);
    expect(next.json.refreshToken).toBeUndefined();
  });

  it('is kept as a digest only', async () => {
    const { refreshToken } = await signIn();
    const rows = JSON.stringify(await api.database.session.findMany());
    expect(rows).not.toContain(refreshToken);
  });
});

describe('a request from another site', () => {
  it.each([
    ['another site', 'https://evil.example', 403],
    ['no site at all', 'null', 403],
    ['our own pages', 'http://127.0.0.1:3000', 200],
  ])('%s may change nothing by the cookies of our users: %s', async (_, origin, status) => {
    const { cookies } = await send(routes.login.path, { body: credentials, headers: fromElsewhere() });
    const cookie = cookies.map((one) => one.split(';')[0]).join('; ');
    const answer = await send(routes.updateMe.path, { method: 'PATCH', body: {}, headers: { cookie, origin } });
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.code).toBe('auth.bad_origin');
  });

  it('may with a token of its own, which no browser adds by itself', async () => {
    const { accessToken } = await signIn();
    const headers = { ...bearer(accessToken), origin: 'https://dashboard.example' };
    expect((await send(routes.updateMe.path, { method: 'PATCH', body: {}, headers })).status).toBe(200);
  });
});

describe('an access token', () => {
  it.each([
    [
      'signed with another secret',
      () => new Tokens('some other secret of at least 32 characters').sign({ kind: 'user', userId: 'usr_1' }),
    ],
    [
      'not signed at all',
      () => new UnsecuredJWT({ kind: 'user' }).setIssuer('mallo').setSubject('usr_1').setExpirationTime('1h').encode(),
    ],
    ['expired', () => signed({ kind: 'user' }, '-1s')],
    ['of no known kind', () => signed({ kind: 'admin' }, '1h')],
    ['empty', () => ''],
    ['no token', () => 'x.y.z'],
  ])('is refused when it is %s', async (_, make) => {
    expect(await whoAmI(await make())).toMatchObject({ status: 401, code: 'auth.required' });
  });

  it('of an account that is gone is refused', async () => {
    expect(await whoAmI(await api.tokenOf('usr_gone'))).toMatchObject({ status: 401, code: 'auth.required' });
  });

  function signed(claims: Record<string, string>, expires: string): Promise<string> {
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('mallo')
      .setSubject('usr_1')
      .setExpirationTime(expires)
      .sign(new TextEncoder().encode(api.settings.MALLO_JWT_SECRET));
  }
});

describe('a token for a program', () => {
  it('is shown once, works until it is revoked, and says when it was used', async () => {
    const { accessToken } = await signIn();
    const owner = createClient({ baseUrl: api.url, accessToken });
    const made = await owner.call(routes.createToken, { body: { name: 'notebook' } });
    expect(made.token.startsWith(made.prefix)).toBe(true);
    expect(made.lastUsedAt).toBeNull();
    const program = createClient({ baseUrl: api.url, accessToken: made.token });
    expect((await program.call(routes.me)).email).toBe(OWNER.email);

    const listed = await owner.call(routes.tokens);
    expect(listed).toMatchObject([{ id: made.id, name: 'notebook', prefix: made.prefix }]);
    expect(listed[0]?.lastUsedAt).not.toBeNull();
    expect(JSON.stringify([listed, await api.database.apiToken.findMany()])).not.toContain(made.token);

    await owner.call(routes.deleteToken, { params: { tokenId: made.id } });
    await expect(program.call(routes.me)).rejects.toMatchObject({ code: 'auth.required' });
    await expect(owner.call(routes.deleteToken, { params: { tokenId: made.id } })).rejects.toMatchObject({
      code: 'request.not_found',
    });
  });

  it('that is for one piece of work is gone when that was left', async () => {
    const { accessToken } = await signIn();
    const owner = createClient({ baseUrl: api.url, accessToken });
    const body = { name: 'import', idleSeconds: 3600 };
    const [left, used] = [
      await owner.call(routes.createToken, { body }),
      await owner.call(routes.createToken, { body: { ...body, name: 'import that goes on' } }),
    ];
    const program = (token: string) => createClient({ baseUrl: api.url, accessToken: token }).call(routes.me);
    await program(left.token);
    const before = (seconds: number) => new Date(Date.now() - seconds * 1000);
    const set = (id: string, lastUsedAt: Date) =>
      api.database.apiToken.update({ where: { id }, data: { createdAt: before(8000), lastUsedAt } });
    await set(left.id, before(3700));
    await set(used.id, before(3500));
    await expect(program(left.token)).rejects.toMatchObject({ code: 'auth.required' });
    await program(used.token);
    const names = async () => (await owner.call(routes.tokens)).map(({ name }) => name);
    expect(await names()).toContain('import that goes on');
    expect(await names()).not.toContain('import');
    // The next one clears it away.
    const next = await owner.call(routes.createToken, { body });
    expect(await api.database.apiToken.findUnique({ where: { id: left.id } })).toBe(null);
    for (const { id } of [used, next]) await owner.call(routes.deleteToken, { params: { tokenId: id } });
  });

  it('stands for one project: the chosen one, or else the oldest', async () => {
    const { accessToken } = await signIn();
    const owner = createClient({ baseUrl: api.url, accessToken });
    const { id: ownerId } = await owner.call(routes.me);
    await api.database.project.deleteMany({ where: { ownerId } });
    const programOf = async (token: string) =>
      createClient({ baseUrl: api.url, accessToken: token }).call(routes.program);
    const early = await owner.call(routes.createToken, { body: { name: 'before any project' } });
    expect(await programOf(early.token)).toEqual({ userId: ownerId, projectId: null });
    const first = await owner.call(projectRoutes.create, { body: { name: 'First' } });
    const second = await owner.call(projectRoutes.create, { body: { name: 'Second' } });
    const unsaid = await owner.call(routes.createToken, { body: { name: 'notebook' } });
    const chosen = await owner.call(routes.createToken, { body: { name: 'server', projectId: second.id } });
    expect([unsaid.projectId, chosen.projectId]).toEqual([first.id, second.id]);
    expect(await programOf(early.token)).toEqual({ userId: ownerId, projectId: first.id });
    expect(await programOf(unsaid.token)).toEqual({ userId: ownerId, projectId: first.id });
    expect(await programOf(chosen.token)).toEqual({ userId: ownerId, projectId: second.id });
    expect(await programOf(accessToken)).toEqual({ userId: ownerId, projectId: null });
  });

  it('is not made for a project of someone else', async () => {
    const { accessToken } = await signIn();
    const owner = createClient({ baseUrl: api.url, accessToken });
    await api.database.user.create({ data: { id: 'usr_other', name: 'O', locale: 'en' } });
    await api.database.project.create({ data: { id: 'prj_other', ownerId: 'usr_other', name: 'Other' } });
    const answer = owner.call(routes.createToken, { body: { name: 'mine', projectId: 'prj_other' } });
    await expect(answer).rejects.toMatchObject({ code: 'project.not_found' });
  });

  it('cannot be revoked by someone else', async () => {
    const { accessToken } = await signIn();
    const made = await createClient({ baseUrl: api.url, accessToken }).call(routes.createToken, {
      body: { name: 'mine' },
    });
    await api.database.user.create({ data: { id: 'usr_stranger', name: 'S', locale: 'en' } });
    const stranger = createClient({ baseUrl: api.url, accessToken: await api.tokenOf('usr_stranger') });
    expect(await stranger.call(routes.tokens)).toEqual([]);
    await expect(stranger.call(routes.deleteToken, { params: { tokenId: made.id } })).rejects.toMatchObject({
      code: 'request.not_found',
    });
  });
});

describe('the token of a run', () => {
  const upload = (runId: string, token: string) =>
    send(`${runRoutes.putArtifact.path.replace(':runId', runId).replace(':name', 'x.txt')}?sha256=${'0'.repeat(64)}`, {
      method: 'PUT',
      headers: { ...bearer(token), 'content-type': 'application/octet-stream' },
    });

  it('may write to its own run only', async () => {
    const { id: ownerId } = await api.database.user.findFirstOrThrow();
    const project = await api.database.project.create({ data: { id: 'prj_runs', ownerId, name: 'Runs' } });
    const in_ = { ...api, projectId: project.id };
    const [mine, other] = [await addRun(in_), await addRun(in_)];
    const token = await new Tokens(api.settings.MALLO_JWT_SECRET).sign({ kind: 'run', runId: mine });
    expect(await upload(other, token)).toMatchObject({ status: 403, code: 'auth.forbidden' });
    // Let through: what is refused is the digest.
    expect(await upload(mine, token)).toMatchObject({ status: 400, code: 'request.invalid' });
    expect(await whoAmI(token)).toMatchObject({ status: 403, code: 'auth.forbidden' });
  });

  it('cannot be replaced by that of a person or of a service', async () => {
    const { accessToken } = await signIn();
    expect(await upload('run_0000000000', accessToken)).toMatchObject({ status: 403, code: 'auth.forbidden' });
    const service = await new Tokens(api.settings.MALLO_JWT_SECRET).sign({ kind: 'service' });
    expect(await upload('run_0000000000', service)).toMatchObject({ status: 403, code: 'auth.forbidden' });
    expect(await whoAmI(service)).toMatchObject({ status: 403, code: 'auth.forbidden' });
  });
});

describe('my own account', () => {
  it('changes its name and language', async () => {
    const { accessToken } = await signIn();
    const me = createClient({ baseUrl: api.url, accessToken });
    expect(await me.call(routes.updateMe, { body: { name: '말로', locale: 'ko' } })).toMatchObject({
      name: '말로',
      locale: 'ko',
    });
    expect(await me.call(routes.updateMe, { body: { locale: 'en' } })).toMatchObject({ name: '말로', locale: 'en' });
    expect(await me.call(routes.me)).toMatchObject({ name: '말로', locale: 'en' });
  });
});
