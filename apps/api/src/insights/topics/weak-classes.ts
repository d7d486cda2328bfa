import type { Run } from '@mallo/contracts';
import { percent, runSource, whole } from '../wording/figures.js';
import { type Both, linked, listed, said } from '../wording/sentence.js';
import { nameOf } from './run-words.js';

const WEAKEST = 3;
const MOST_PAIRS = 3;
/** With fewer images one of them moves the recall by ten points. */
const FEW_IMAGES = 10;

type Pair = { truth: string; taken: string; count: number; of: number };

function confusedPairs({ config, result }: Run): Pair[] {
  const names = config.classNames;
  return (result?.confusionMatrix ?? [])
    .flatMap((row, truth) =>
      row.map((count, taken) => ({
        truth: names[truth] ?? '',
        taken: names[taken] ?? '',
        count: truth === taken ? 0 : count,
        of: row.reduce((sum, value) => sum + value, 0),
      })),
    )
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_PAIRS);
}

/** The classes a model finds least often, and what it takes them for. */
export function weakClasses(run: Run): Both[] {
  const name = nameOf(run);
  const source = runSource(run);
  const measured = (run.result?.perClass ?? []).filter(({ support }) => support > 0);
  if (measured.length === 0) {
    return [
      {
        ko: said`${name}에는 클래스별 결과가 없어요. 학습이 끝까지 가야 클래스별로 잴 수 있어요.`,
        en: said`${name} has no results by class; these are measured when a training has run to its end.`,
      },
    ];
  }
  const weak = measured
    .filter(({ recall }) => recall < 1)
    .toSorted((a, b) => a.recall - b.recall)
    .slice(0, WEAKEST);
  if (weak.length === 0) {
    const count = whole(
      measured.reduce((sum, row) => sum + row.support, 0),
      source,
    );
    return [
      {
        ko: said`${name}은(는) 검증 이미지 ${count}장을 모두 맞혀서 약한 클래스가 없어요.`,
        en: said`${name} has no weak class: it is right on all ${count} validation images.`,
      },
    ];
  }
  const each = weak.map((row) => ({
    name: linked(row.name, source),
    recall: percent(row.recall, source),
    support: whole(row.support, source),
  }));
  const sentences: Both[] = [
    {
      ko: said`${name}이(가) 가장 못 찾는 클래스는 ${listed(each.map((row) => said`“${row.name}”(재현율 ${row.recall}, 검증 이미지 ${row.support}장)`))}이에요.`,
      en: said`The classes that ${name} finds least often: ${listed(each.map((row) => said`“${row.name}” (recall ${row.recall}, ${row.support} validation images)`))}.`,
    },
    ...confusedPairs(run).map(({ truth, taken, count, of }): Both => {
      const [from, to] = [linked(truth, source), linked(taken, source)];
      const [wrong, all] = [whole(count, source), whole(of, source)];
      return {
        ko: said`“${from}” 이미지 ${all}장 중 ${wrong}장을 “${to}”(으)로 잘못 봤어요.`,
        en: said`It took ${wrong} of ${all} “${from}” images for “${to}”.`,
      };
    }),
  ];
  if (weak.some(({ support }) => support < FEW_IMAGES)) {
    sentences.push({
      ko: said`검증 이미지가 몇 장뿐인 클래스의 재현율은 우연에 크게 흔들리니, 이미지를 더 모아 다시 재 보세요.`,
      en: said`With so few validation images of a class, its recall depends much on chance; collect more and measure again.`,
    });
  }
  return sentences;
}
