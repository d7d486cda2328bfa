import { Locale } from '@mallo/contracts';

/** A sentence a person reads in the terminal, in both languages. */
export type Sentence = Record<Locale, string>;

const PLURAL = new Intl.PluralRules('en');

/** A number with its noun in English: `1 run`, `2,000 runs`. Korean nouns have one form for all numbers. */
export function counted(count: number, one: string, other = `${one}s`): string {
  return `${count.toLocaleString('en')} ${PLURAL.select(count) === 'one' ? one : other}`;
}

/** An expected failure: printed as its one sentence, without a stack. */
export class Refusal extends Error {
  constructor(
    readonly sentence: Sentence,
    readonly exitCode = 1,
  ) {
    super(sentence.en);
    this.name = 'Refusal';
  }
}

/** The language of the terminal. `scripts/start.mjs` works it out from the locale and passes it on. */
export function terminalLocale(env: NodeJS.ProcessEnv = process.env): Locale {
  return Locale.catch('en').parse(env.MALLO_LOCALE);
}

/** What the supervisor has to say when it cannot go on: what happened and what to do. */
export const refusals = {
  settingsWrong: (problems: string): Sentence => ({
    en: `Settings are not right: ${problems}. Correct them and start again.`,
    ko: `설정이 올바르지 않습니다: ${problems}. 고친 뒤 다시 시작해 주세요.`,
  }),
  portInUse: (port: number): Sentence => ({
    en: `Port ${port} is used by another program. Stop that program, or choose another port: PORT=${port + 1} npm start`,
    ko: `다른 프로그램이 ${port} 포트를 쓰고 있습니다. 그 프로그램을 끝내거나 다른 포트를 고르세요: PORT=${port + 1} npm start`,
  }),
  portForbidden: (port: number): Sentence => ({
    en: `Port ${port} may not be opened by this user. Choose a port above 1023: PORT=4460 npm start`,
    ko: `이 사용자는 ${port} 포트를 열 수 없습니다. 1023보다 큰 포트를 고르세요: PORT=4460 npm start`,
  }),
  addressUnknown: (host: string): Sentence => ({
    en: `This machine has no address ${host}. Set HOST to one of its own, or leave it out.`,
    ko: `이 컴퓨터에는 ${host} 주소가 없습니다. HOST를 이 컴퓨터의 주소로 바꾸거나 빼 주세요.`,
  }),
  alreadyRunning: (url: string | undefined, home: string): Sentence => ({
    en: `Mallo already runs with ${home}${url ? `: open ${url}` : ''}. For a second one, set another MALLO_HOME and PORT.`,
    ko: `${home} 폴더를 쓰는 Mallo가 이미 실행 중입니다${url ? `: ${url} 을 여세요` : ''}. 하나 더 실행하려면 MALLO_HOME과 PORT를 다르게 지정하세요.`,
  }),
  homeNotWritable: (home: string): Sentence => ({
    en: `The folder ${home} cannot be written to. Give this user the right to write there, or set MALLO_HOME to another folder.`,
    ko: `${home} 폴더에 쓸 수 없습니다. 쓰기 권한을 주거나 MALLO_HOME을 다른 폴더로 지정하세요.`,
  }),
  diskFull: (home: string): Sentence => ({
    en: `The disk of ${home} is full. Free some space and start again; nothing was lost.`,
    ko: `${home} 폴더의 디스크가 가득 찼습니다. 공간을 확보하고 다시 시작해 주세요. 잃은 것은 없습니다.`,
  }),
  secretsUnreadable: (file: string): Sentence => ({
    en: `The file ${file} is damaged. Put back a copy of it; without it the accounts and sessions of this Mallo cannot be opened.`,
    ko: `${file} 파일이 손상되었습니다. 백업본으로 되돌려 주세요. 이 파일이 없으면 이 Mallo의 계정과 세션을 열 수 없습니다.`,
  }),
  databaseUnsupported: (platform: string): Sentence => ({
    en: `No PostgreSQL is shipped for ${platform}. Install PostgreSQL 15 or newer and set DATABASE_URL to it.`,
    ko: `${platform}용 PostgreSQL이 들어 있지 않습니다. PostgreSQL 15 이상을 설치하고 DATABASE_URL로 알려 주세요.`,
  }),
  databaseNoUser: (): Sentence => ({
    en: 'PostgreSQL does not run as root and no “postgres” user could be made. Start Mallo as another user, or set DATABASE_URL.',
    ko: 'PostgreSQL은 root로 실행되지 않는데 “postgres” 사용자를 만들지 못했습니다. 다른 사용자로 시작하거나 DATABASE_URL을 지정하세요.',
  }),
  databaseFailed: (log: string): Sentence => ({
    en: `PostgreSQL could not be prepared. The reason is at the end of ${log}.`,
    ko: `PostgreSQL을 준비하지 못했습니다. 이유는 ${log} 끝부분에 있습니다.`,
  }),
  partGaveUp: (part: string, log: string): Sentence => ({
    en: `A part of Mallo (${part}) stopped several times in a row and was given up. The reason is at the end of ${log}.`,
    ko: `Mallo의 일부(${part})가 연달아 멈춰서 더 시작하지 않습니다. 이유는 ${log} 끝부분에 있습니다.`,
  }),
};

/** What the supervisor says when all is well. */
export const notes = {
  preparing: (): Sentence => ({ en: 'Starting Mallo …', ko: 'Mallo를 시작하는 중 …' }),
  ready: (url: string): Sentence => ({
    en: `Mallo is ready: ${url}  (Ctrl-C stops it)`,
    ko: `Mallo가 준비되었습니다: ${url}  (Ctrl-C로 끝냅니다)`,
  }),
  stopping: (): Sentence => ({ en: 'Stopping Mallo …', ko: 'Mallo를 끝내는 중 …' }),
  stopped: (): Sentence => ({ en: 'Mallo has stopped.', ko: 'Mallo를 끝냈습니다.' }),
  restarting: (part: string): Sentence => ({
    en: `A part of Mallo (${part}) stopped and is being started again.`,
    ko: `Mallo의 일부(${part})가 멈춰서 다시 시작합니다.`,
  }),
};
