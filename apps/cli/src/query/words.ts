import { counted, type Sentence } from '../sentences.js';

/** What the terminal says of a query. */
export const words = {
  usage: (): Sentence => ({
    en: 'Usage: npm run query -- "SELECT …" [--project NAME] [--format table|csv|json]. The tables are runs, params, tags, metrics, points and logs.',
    ko: '사용법: npm run query -- "SELECT …" [--project 이름] [--format table|csv|json]. 테이블은 runs, params, tags, metrics, points, logs입니다.',
  }),
  cut: (rows: number): Sentence => ({
    en: `Only the first ${counted(rows, 'row')} are shown; --format csv has all.`,
    ko: `처음 ${rows.toLocaleString('en')}행입니다. 전부는 --format csv로 받을 수 있습니다.`,
  }),
};
