/** @typedef {{ en: string, ko: string }} Sentence */

/** The language of the terminal: MALLO_LOCALE, else the first locale variable that is set, as POSIX has it. */
export function terminalLocale(env = process.env) {
  const locale = env.MALLO_LOCALE || env.LC_ALL || env.LC_MESSAGES || env.LANG || '';
  return /^ko/i.test(locale) ? 'ko' : 'en';
}

/** An expected failure, printed as its one sentence. `details` are the last lines of what was run, where they help. */
export class Refusal extends Error {
  /** @param {Sentence} sentence @param {{ details?: string, exitCode?: number }} [more] */
  constructor(sentence, { details = '', exitCode = 1 } = {}) {
    super(sentence.en);
    this.sentence = sentence;
    this.details = details;
    this.exitCode = exitCode;
  }
}

const gigabytes = (bytes) => (bytes / 1e9).toFixed(1);

export const refusals = {
  oldNode: (version) => ({
    en: `Node ${version} is too old: install Node 20.19 or newer (https://nodejs.org) and run the command again.`,
    ko: `Node ${version}은(는) 너무 오래되었습니다. Node 20.19 이상을 설치한 뒤(https://nodejs.org) 다시 실행해 주세요.`,
  }),
  noNode24: (platform) => ({
    en: `The npm registry has no Node 24 for ${platform}: install Node 24 yourself and run the command again.`,
    ko: `npm 레지스트리에 ${platform}용 Node 24가 없습니다. Node 24를 직접 설치한 뒤 다시 실행해 주세요.`,
  }),
  noPython: (found) => ({
    en: `Python 3.10 or newer is needed to train${found ? `, but only ${found} was found` : ' and was not found'}: install it (Debian, Ubuntu: sudo apt install python3; macOS: brew install python) and run the command again.`,
    ko: `학습에는 Python 3.10 이상이 필요한데 ${found ? `${found}만 있습니다` : '찾지 못했습니다'}. 설치한 뒤(Debian, Ubuntu: sudo apt install python3, macOS: brew install python) 다시 실행해 주세요.`,
  }),
  notWritable: (folder) => ({
    en: `The folder ${folder} cannot be written to: give this user the right to write there, or clone Mallo into a folder of your own.`,
    ko: `${folder} 폴더에 쓸 수 없습니다. 쓰기 권한을 주거나 내 폴더에 Mallo를 다시 내려받아 주세요.`,
  }),
  diskTooFull: (folder, free, needed) => ({
    en: `The disk of ${folder} has ${gigabytes(free)} GB free and about ${gigabytes(needed)} GB are needed: free some space and run the command again.`,
    ko: `${folder} 폴더의 디스크에 ${gigabytes(free)} GB가 남았는데 약 ${gigabytes(needed)} GB가 필요합니다. 공간을 확보한 뒤 다시 실행해 주세요.`,
  }),
  diskFull: (folder) => ({
    en: `The disk of ${folder} became full: free some space and run the command again; it goes on where it was.`,
    ko: `${folder} 폴더의 디스크가 가득 찼습니다. 공간을 확보한 뒤 다시 실행하면 이어서 진행합니다.`,
  }),
  noNetwork: (registry) => ({
    en: `${registry} cannot be reached, and the first start needs it: check the network (or the proxy settings) and run the command again.`,
    ko: `처음 시작할 때 필요한 ${registry}에 연결할 수 없습니다. 네트워크(또는 프록시 설정)를 확인한 뒤 다시 실행해 주세요.`,
  }),
  stepFailed: (title, log) => ({
    en: `“${title.en}” did not succeed; the whole output is in ${log}. Its end:`,
    ko: `“${title.ko}” 단계가 실패했습니다. 전체 출력은 ${log}에 있습니다. 끝부분:`,
  }),
  programMissing: (program) => ({
    en: `The program “${program}” was not found: install it and run the command again.`,
    ko: `“${program}” 프로그램을 찾지 못했습니다. 설치한 뒤 다시 실행해 주세요.`,
  }),
  portInUse: (port, command) => ({
    en: `Port ${port} is used by another program: stop that program, or choose another port: ${command(port + 1)}`,
    ko: `다른 프로그램이 ${port} 포트를 쓰고 있습니다. 그 프로그램을 끝내거나 다른 포트를 고르세요: ${command(port + 1)}`,
  }),
  unknownOption: (option) => ({
    en: `There is no option ${option}: npm start -- --help shows what there is.`,
    ko: `${option} 옵션은 없습니다. npm start -- --help 로 사용법을 볼 수 있습니다.`,
  }),
  notAPort: (value) => ({
    en: `“${value}” is not a port: give a number from 1 to 65535.`,
    ko: `“${value}”은(는) 포트가 아닙니다. 1부터 65535 사이의 수를 주세요.`,
  }),
};

export const titles = {
  toolchain: { en: 'Node 24 and pnpm', ko: 'Node 24와 pnpm' },
  packages: { en: 'Packages', ko: '패키지' },
  build: { en: 'Build', ko: '빌드' },
  uv: { en: 'uv, which makes the Python environment', ko: 'Python 환경을 만드는 uv' },
  python: { en: 'Python environment (PyTorch; the longest part)', ko: 'Python 환경 (PyTorch, 가장 오래 걸림)' },
};

export const help = {
  en: `Mallo trains models from a sentence.

  npm start                                          run Mallo; the first time brings everything it needs
  npm start -- "train resnet18 on digits, 3 epochs"  train from the terminal, and show it live
  npm run token                                      print a token with which programs log to the Mallo that runs
  npm run model -- mallo://models/pets@champion DIR  say which version that is, and download its files
  npm run mlflow:import -- SOURCE                    take over an MLflow server, mlruns folder or mlflow.db
  npm run mlflow:export -- FOLDER                    write a project as an mlruns folder; --to ADDRESS: to a server
  npm run query -- "SELECT …"                        ask the runs of a project, in SQL
  npm run parser -- --port 4470                      run the sentence parser alone
  npm test                                           check everything

Environment:
  PORT=4460          the one port people open          HOST=127.0.0.1   the address it listens on
  MALLO_HOME=~/.mallo  all data                        DATABASE_URL     a PostgreSQL of your own
  MALLO_URL          the address people open, behind another proxy
  MALLO_LOCALE=en|ko the language of this terminal     LOG_LEVEL=info   of the logs in MALLO_HOME/logs`,
  ko: `Mallo는 문장으로 모델을 학습합니다.

  npm start                                      Mallo 실행. 처음에는 필요한 것을 모두 가져옵니다
  npm start -- "digits를 resnet18로 3 에폭 학습"   터미널에서 바로 학습하고 진행을 보여 줍니다
  npm run token                                  실행 중인 Mallo에 기록할 프로그램용 토큰 출력
  npm run model -- mallo://models/pets@champion 폴더  어느 버전인지 말하고 파일을 내려받기
  npm run mlflow:import -- 원본                   MLflow 서버, mlruns 폴더 또는 mlflow.db를 가져오기
  npm run mlflow:export -- 폴더                   프로젝트를 mlruns 폴더로 내보내기. --to 주소: 서버로
  npm run query -- "SELECT …"                    프로젝트의 실행들을 SQL로 조회
  npm run parser -- --port 4470                  문장 해석기만 실행
  npm test                                       전체 검사

환경 변수:
  PORT=4460          브라우저로 여는 하나의 포트         HOST=127.0.0.1   여는 주소
  MALLO_HOME=~/.mallo  모든 데이터                     DATABASE_URL     직접 쓰는 PostgreSQL
  MALLO_URL          다른 프록시 뒤에 있을 때 여는 주소
  MALLO_LOCALE=en|ko 이 터미널의 언어                  LOG_LEVEL=info   MALLO_HOME/logs 로그의 수준`,
};
