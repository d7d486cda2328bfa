import type { LocalText } from '@mallo/contracts';

/** What DuckDB says, and what that means; `{1}` is the name that it is about. */
const MEANINGS: { said: RegExp; en: string; ko: string }[] = [
  {
    said: /syntax error at or near "([^"]*)"/,
    en: 'its SQL cannot be read at “{1}”',
    ko: '“{1}” 자리에서 SQL을 읽을 수 없습니다',
  },
  { said: /^Parser Error/, en: 'its SQL cannot be read', ko: 'SQL을 읽을 수 없습니다' },
  {
    said: /(?:Referenced column|Referenced table|column named|Column with name) "?([^"\s]+)"?/i,
    en: 'there is no column “{1}”',
    ko: '“{1}” 열이 없습니다',
  },
  {
    said: /Table with name "?([^"\s]+)"? does not exist/,
    en: 'there is no table “{1}”',
    ko: '“{1}” 테이블이 없습니다',
  },
  {
    said: /Function with name "?([^"\s]+)"? does not exist/,
    en: 'there is no function “{1}”',
    ko: '“{1}” 함수가 없습니다',
  },
  {
    said: /^Conversion Error/,
    en: 'a value cannot be turned into the type that is asked for',
    ko: '값을 원하는 타입으로 바꿀 수 없습니다',
  },
  {
    said: /^(Permission|IO|Invalid Configuration) Error|disabled/i,
    en: 'it asks for what a query may not do',
    ko: '질의로 할 수 없는 일을 요청했습니다',
  },
];
const OTHERWISE = { said: /^/, en: 'the database refuses it', ko: '데이터베이스가 받아들이지 않습니다' };
const SHOWN = 300;

/** Why DuckDB refuses a query: where, what that means, and its own words. */
export function refusalOf(said: string): LocalText {
  const meaning = MEANINGS.find((one) => one.said.test(said)) ?? OTHERWISE;
  const name = meaning.said.exec(said)?.[1] ?? '';
  const line = /^LINE (\d+):/m.exec(said)?.[1];
  const first = said.split('\n')[0] ?? '';
  const words = first.length > SHOWN ? `${first.slice(0, SHOWN)}…` : first;
  const of = (text: string) => text.replace('{1}', name);
  return {
    en: `${line ? `in line ${line} ` : ''}${of(meaning.en)} (DuckDB: “${words}”)`,
    ko: `${line ? `${line}번째 줄: ` : ''}${of(meaning.ko)}(DuckDB: “${words}”)`,
  };
}
