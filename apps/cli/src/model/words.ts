import type { ModelVersion } from '@mallo/contracts';
import { counted, type Sentence } from '../sentences.js';

/** What the terminal says of a model's version and of downloading it. */
export const words = {
  usage: (): Sentence => ({
    en: 'Usage: npm run model -- mallo://models/NAME@champion [FOLDER] [--project NAME] [--json]. With a FOLDER its files are downloaded there.',
    ko: '사용법: npm run model -- mallo://models/이름@champion [폴더] [--project 이름] [--json]. 폴더를 주면 파일을 그곳에 내려받습니다.',
  }),
  version: ({ modelName, version, framework, architecture }: ModelVersion): Sentence => ({
    en: `${modelName} ${version}  (${[framework, architecture].filter(Boolean).join(', ')})`,
    ko: `${modelName} ${version}  (${[framework, architecture].filter(Boolean).join(', ')})`,
  }),
  deprecated: (reason: string): Sentence => ({
    en: `It should no longer be used: ${reason}`,
    ko: `더는 쓰지 않아야 하는 버전입니다: ${reason}`,
  }),
  progress: (name: string, done: string, size: string): Sentence => ({
    en: `${name}: ${done} of ${size}`,
    ko: `${name}: ${size} 중 ${done}`,
  }),
  downloaded: (count: number, folder: string): Sentence => ({
    en:
      count === 1
        ? `1 file is in ${folder}, as it was registered (SHA-256).`
        : `${counted(count, 'file')} are in ${folder}, each as it was registered (SHA-256).`,
    ko: `파일 ${count.toLocaleString('ko')}개가 등록된 그대로(SHA-256) ${folder}에 있습니다.`,
  }),
  fileName: (name: string, folder: string): Sentence => ({
    en: `“${name}” would be written outside of ${folder}, so nothing was downloaded. Choose another folder.`,
    ko: `“${name}” 파일은 ${folder} 밖에 쓰이게 되어 아무것도 내려받지 않았습니다. 다른 폴더를 골라 주세요.`,
  }),
  fileAltered: (name: string): Sentence => ({
    en: `What came of “${name}” is not what was registered (its SHA-256 differs), so it was not kept. Run the command again.`,
    ko: `받은 “${name}” 파일이 등록된 것과 달라(SHA-256이 다름) 남기지 않았습니다. 다시 실행해 주세요.`,
  }),
  notWritten: (folder: string, reason: string): Sentence => ({
    en: `The files could not be written to ${folder} (${reason}). Free some space or choose another folder, and run the command again.`,
    ko: `파일을 ${folder}에 쓸 수 없습니다(${reason}). 공간을 확보하거나 다른 폴더를 고른 뒤 다시 실행해 주세요.`,
  }),
};
