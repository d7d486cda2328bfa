import type { Sentence } from '../sentences.js';

/** What the terminal says of a token for programs. */
export const words = {
  notRunning: (): Sentence => ({
    en: 'Mallo is not running. Start it in another terminal with npm start, and run the command again.',
    ko: 'Mallo가 실행 중이 아닙니다. 다른 터미널에서 npm start로 시작한 뒤 다시 실행해 주세요.',
  }),
  noProject: (name: string, there: string[]): Sentence => ({
    en: `There is no project “${name}”. There are: ${there.join(', ') || 'none yet'}.`,
    ko: `“${name}” 프로젝트가 없습니다. 있는 프로젝트: ${there.join(', ') || '아직 없음'}.`,
  }),
  howTo: (url: string, project: string): Sentence => ({
    en: `A token for “${project}”. Programs that log with MLFLOW_TRACKING_URI=${url} and this as MLFLOW_TRACKING_TOKEN appear there. Revoke it on the settings page.`,
    ko: `“${project}” 프로젝트의 토큰입니다. MLFLOW_TRACKING_URI=${url} 과 이 값을 MLFLOW_TRACKING_TOKEN으로 쓰는 프로그램이 그곳에 나타납니다. 설정 페이지에서 폐기할 수 있습니다.`,
  }),
};
