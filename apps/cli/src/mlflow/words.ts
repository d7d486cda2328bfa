import { byteSize } from '@mallo/client';
import { counted, type Sentence } from '../sentences.js';
import type { Shown } from './figures.js';

const inKorean = (count: number) => `${count.toLocaleString('ko')}개`;

/** What the terminal says of imports from MLflow and exports to it. */
export const words = {
  usage: (): Sentence => ({
    en: 'Usage: npm run mlflow:import -- SOURCE [--project NAME] [--token TOKEN | --user NAME --password WORD] [--artifacts FOLDER]. SOURCE is the address of an MLflow server, an mlruns folder, or an mlflow.db file.',
    ko: '사용법: npm run mlflow:import -- 원본 [--project 이름] [--token 토큰 | --user 이름 --password 비밀번호] [--artifacts 폴더]. 원본은 MLflow 서버 주소, mlruns 폴더 또는 mlflow.db 파일입니다.',
  }),
  exportUsage: (): Sentence => ({
    en: 'Usage: npm run mlflow:export -- FOLDER [--project NAME], where FOLDER is a new or empty folder, which becomes an mlruns folder; or npm run mlflow:export -- --to ADDRESS [--project NAME] [--token TOKEN | --user NAME --password WORD], where ADDRESS is that of an MLflow server.',
    ko: '사용법: npm run mlflow:export -- 폴더 [--project 이름]. 폴더는 새 폴더이거나 비어 있어야 하며, mlruns 폴더가 됩니다. 또는 npm run mlflow:export -- --to 주소 [--project 이름] [--token 토큰 | --user 이름 --password 비밀번호]. 주소는 MLflow 서버의 주소입니다.',
  }),
  noFolder: (path: string): Sentence => ({
    en: `There is nothing at ${path}. Give the address of an MLflow server (http://…), an mlruns folder, or an mlflow.db file.`,
    ko: `${path}에는 아무것도 없습니다. MLflow 서버 주소(http://…), mlruns 폴더 또는 mlflow.db 파일을 지정해 주세요.`,
  }),
  folderForbidden: (path: string): Sentence => ({
    en: `${path} may not be read by this user. Give this user the right to, and run the command again.`,
    ko: `이 사용자는 ${path}을(를) 읽을 수 없습니다. 읽기 권한을 준 뒤 다시 실행해 주세요.`,
  }),
  notMlruns: (path: string): Sentence => ({
    en: `${path} is not an mlruns folder: no folder in it has a meta.yaml. Give the folder that holds the experiments.`,
    ko: `${path}은(는) mlruns 폴더가 아닙니다. 안에 meta.yaml이 있는 폴더가 없습니다. 실험들이 들어 있는 폴더를 지정해 주세요.`,
  }),
  noServer: (url: string, reason: string): Sentence => ({
    en: `${url} does not answer (${reason}). Check the address and that the server runs, and run the command again: it goes on where it was.`,
    ko: `${url}이(가) 응답하지 않습니다(${reason}). 주소와 서버 상태를 확인한 뒤 다시 실행해 주세요. 하던 데서 이어집니다.`,
  }),
  notMlflow: (url: string, reason: string): Sentence => ({
    en: `${url} is not an MLflow server, or one that does not let itself be read (${reason}). Give the address that MLFLOW_TRACKING_URI has.`,
    ko: `${url}은(는) MLflow 서버가 아니거나 읽을 수 없는 서버입니다(${reason}). MLFLOW_TRACKING_URI에 쓰는 주소를 지정해 주세요.`,
  }),
  notLetIn: (url: string): Sentence => ({
    en: `${url} does not let you in. Give --token, or --user and --password, of someone who may read all of it.`,
    ko: `${url}에 들어갈 수 없습니다. 모두 읽을 수 있는 사람의 --token 또는 --user와 --password를 지정해 주세요.`,
  }),
  newerDatabase: (path: string, revision: string): Sentence => ({
    en: `${path} is of an MLflow whose schema (${revision}) is not known here. Start “mlflow server --backend-store-uri sqlite:///${path}” with that MLflow, and import from its address.`,
    ko: `${path}은(는) 여기서 모르는 스키마(${revision})를 쓰는 MLflow의 것입니다. 그 MLflow로 “mlflow server --backend-store-uri sqlite:///${path}”를 시작하고 그 주소에서 가져와 주세요.`,
  }),
  notDatabase: (path: string, reason: string): Sentence => ({
    en: `${path} is not a database of MLflow (${reason}). Give the mlflow.db file itself.`,
    ko: `${path}은(는) MLflow의 데이터베이스가 아닙니다(${reason}). mlflow.db 파일을 지정해 주세요.`,
  }),
  unreadable: (reason: string): Sentence => ({
    en: `could not be read, and was passed over: ${reason}`,
    ko: `읽을 수 없어 건너뛰었습니다: ${reason}`,
  }),
  refused: (messages: Sentence): Sentence => ({
    en: `was not taken: ${messages.en}`,
    ko: `받아들이지 못했습니다: ${messages.ko}`,
  }),
  brokenPoints: (count: number): Sentence => ({
    en:
      count === 1
        ? '1 line is no point that can be kept, and was left out.'
        : `${counted(count, 'line')} are no points that can be kept, and were left out.`,
    ko: `${count.toLocaleString('ko')}줄은 저장할 수 있는 점이 아니어서 제외했습니다.`,
  }),
  brokenKey: (): Sentence => ({
    en: 'The name is longer than 250 characters, so it was left out.',
    ko: '이름이 250자보다 길어 제외했습니다.',
  }),
  reservedTag: (): Sentence => ({
    en: 'is a tag that no model or version can have here, so it was left out.',
    ko: '이곳의 모델과 버전이 가질 수 없는 태그라 제외했습니다.',
  }),
  notAFile: (): Sentence => ({
    en: 'is a link or a device, which is not followed. Put the file itself there to import it.',
    ko: '링크나 장치라서 따라가지 않습니다. 가져오려면 파일 자체를 그 자리에 두세요.',
  }),
  filesElsewhere: (address: string): Sentence => ({
    en: `Its files are at ${address}, which is not read. Start “mlflow server” with access to it and import from its address, or copy them into a folder and give --artifacts.`,
    ko: `파일이 ${address}에 있어 읽지 않았습니다. 접근할 수 있는 “mlflow server”를 시작해 그 주소에서 가져오거나, 폴더로 복사하고 --artifacts로 지정해 주세요.`,
  }),
  filesMissing: (address: string): Sentence => ({
    en: `Its files are not here; they are said to be at ${address}. Give the folder that holds them with --artifacts.`,
    ko: `파일이 여기 없습니다. ${address}에 있다고 되어 있습니다. 그것이 들어 있는 폴더를 --artifacts로 지정해 주세요.`,
  }),
  filesUnlisted: (address: string, reason: string): Sentence => ({
    en: `The server does not list its files at ${address}: ${reason}`,
    ko: `서버가 ${address}의 파일 목록을 주지 않습니다: ${reason}`,
  }),
  fileFailed: (reason: string): Sentence => ({
    en: `could not be copied: ${reason}`,
    ko: `복사하지 못했습니다: ${reason}`,
  }),
  fileName: (): Sentence => ({
    en: 'has a name that MLflow’s own API does not take (with #, \\ or an escape such as %20). Rename it to import it.',
    ko: 'MLflow API가 받지 않는 이름입니다(#, \\ 또는 %20 같은 이스케이프). 이름을 바꾸면 가져올 수 있습니다.',
  }),
  otherLocation: (address: string): Sentence => ({
    en: `Here the experiment logs its files to ${address}, which is not Mallo’s, so they were left out.`,
    ko: `이곳의 실험은 파일을 Mallo가 아닌 ${address}에 기록하므로 파일은 제외했습니다.`,
  }),
  differs: (what: string[]): Sentence => ({
    en: `is there already and differs in ${what.join(', ')}; what is in Mallo stayed.`,
    ko: `이미 있고 다음이 다릅니다: ${what.join(', ')}. Mallo의 것을 그대로 두었습니다.`,
  }),
  otherServerLocation: (address: string): Sentence => ({
    en: `Its files would be at ${address}, to which the server gives no way, so they were left out. Start it with --artifacts-destination and name the experiment anew to export them.`,
    ko: `파일이 ${address}에 놓이는데 서버가 그곳에 쓰게 해 주지 않아 제외했습니다. --artifacts-destination으로 서버를 시작하고 실험을 새 이름으로 만들면 내보낼 수 있습니다.`,
  }),
  takenThere: (): Sentence => ({
    en: 'is something else on that server already, which stayed; so it was left out.',
    ko: '그 서버에 다른 것이 이미 있어 그대로 두고 제외했습니다.',
  }),
  taken: (): Sentence => ({
    en: 'is a number that another version has here, or that was deleted here, so it was left out.',
    ko: '이곳의 다른 버전이 쓰는 번호이거나 이곳에서 삭제된 버전이라 제외했습니다.',
  }),
  aliasLeftOut: (): Sentence => ({
    en: 'cannot be an alias here, or points to another version here. No alias is named latest, v with a number, or __proto__.',
    ko: '이곳에서 쓸 수 없는 별칭이거나 다른 버전을 가리킵니다. latest, v와 숫자, __proto__는 별칭이 될 수 없습니다.',
  }),
  stageLeftOut: (): Sentence => ({
    en: 'is in a stage in which another version is here: in Production is the @champion, in Staging the @candidate. It is in none.',
    ko: '이곳에서는 다른 버전이 있는 단계입니다. Production은 @champion, Staging은 @candidate입니다. 어느 단계에도 두지 않았습니다.',
  }),
  versionWithoutFiles: (source: string): Sentence => ({
    en: `is registered without files: its source ${source} is of no run or logged model.`,
    ko: `파일 없이 등록했습니다. 원본 ${source}이(가) 실행이나 기록된 모델의 것이 아닙니다.`,
  }),
  traces: (): Sentence => ({
    en: 'Traces were left out; Mallo has no place for them.',
    ko: '트레이스는 제외했습니다. Mallo에는 둘 곳이 없습니다.',
  }),
  promptsUnlisted: (reason: string): Sentence => ({
    en: `Prompts were left out, as this server does not list them: ${reason}`,
    ko: `이 서버가 프롬프트 목록을 주지 않아 프롬프트는 제외했습니다: ${reason}`,
  }),
  begins: (source: string, project: string): Sentence => ({
    en: `Importing ${source} into “${project}” …`,
    ko: `${source}을(를) “${project}” 프로젝트로 가져오는 중 …`,
  }),
  counts: (c: Shown): Sentence => ({
    en: [
      counted(c.experiments, 'experiment'),
      counted(c.runs, 'run'),
      counted(c.points, 'point'),
      counted(c.loggedModels, 'logged model'),
      `${counted(c.files, 'file')} (${byteSize(c.bytes)})`,
      `${counted(c.models, 'registered model')} with ${counted(c.versions, 'version')}`,
    ].join(', '),
    ko: [
      `실험 ${inKorean(c.experiments)}`,
      `실행 ${inKorean(c.runs)}`,
      `점 ${inKorean(c.points)}`,
      `기록된 모델 ${inKorean(c.loggedModels)}`,
      `파일 ${inKorean(c.files)}(${byteSize(c.bytes)})`,
      `등록된 모델 ${inKorean(c.models)}와 버전 ${inKorean(c.versions)}`,
    ].join(', '),
  }),
  imported: (counts: Sentence): Sentence => ({
    en: `Read: ${counts.en}.`,
    ko: `읽은 것: ${counts.ko}.`,
  }),
  added: (runs: number, files: number, versions: number): Sentence => ({
    en: `New in Mallo: ${counted(runs, 'run')}, ${counted(files, 'file')}, ${counted(versions, 'version')} of models.`,
    ko: `Mallo에 새로 생긴 것: 실행 ${inKorean(runs)}, 파일 ${inKorean(files)}, 모델 버전 ${inKorean(versions)}.`,
  }),
  seeIt: (url: string): Sentence => ({ en: `See it at ${url}`, ko: `여기서 볼 수 있습니다: ${url}` }),
  leftOutTitle: (): Sentence => ({ en: 'Left out:', ko: '제외한 것:' }),
  problemsTitle: (count: number): Sentence => ({
    en: `Not as it was there (${count.toLocaleString('en')}):`,
    ko: `원본과 다른 것(${inKorean(count)}):`,
  }),
  andMore: (count: number): Sentence => ({
    en: `and ${count.toLocaleString('en')} more`,
    ko: `외 ${inKorean(count)}`,
  }),
  exportBegins: (project: string, folder: string): Sentence => ({
    en: `Exporting “${project}” to ${folder} …`,
    ko: `“${project}” 프로젝트를 ${folder}(으)로 내보내는 중 …`,
  }),
  exported: (counts: Sentence): Sentence => ({
    en: `Written: ${counts.en}.`,
    ko: `쓴 것: ${counts.ko}.`,
  }),
  openExport: (folder: string): Sentence => ({
    en: `Open it with: MLFLOW_ALLOW_FILE_STORE=true mlflow ui --backend-store-uri "${folder}"`,
    ko: `여는 명령: MLFLOW_ALLOW_FILE_STORE=true mlflow ui --backend-store-uri "${folder}"`,
  }),
  notEmpty: (folder: string): Sentence => ({
    en: `${folder} is not an empty folder. Name one that is not there yet.`,
    ko: `${folder}은(는) 빈 폴더가 아닙니다. 아직 없는 폴더를 지정해 주세요.`,
  }),
  notAFileName: (): Sentence => ({
    en: 'is no name that MLflow’s file store can hold: names are files there, and one cannot be a file and a folder. It was left out.',
    ko: 'MLflow 파일 저장소가 담을 수 없는 이름입니다. 그곳에서는 이름이 파일이라, 파일이면서 폴더일 수 없습니다. 제외했습니다.',
  }),
  notAFolderName: (): Sentence => ({
    en: 'is no name that MLflow’s file store can have as a folder or file. It was left out; rename it to export it.',
    ko: 'MLflow 파일 저장소가 폴더나 파일 이름으로 쓸 수 없습니다. 제외했습니다. 내보내려면 이름을 바꾸세요.',
  }),
  again: (): Sentence => ({
    en: 'Run the command again once that is mended: it adds only what is missing.',
    ko: '고친 뒤 다시 실행해 주세요. 빠진 것만 더합니다.',
  }),
};
