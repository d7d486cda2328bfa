import { AnswerSentence, type Command, type Locale } from '@mallo/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startPetsProject } from '../testing/pets-project.js';
import { addRun } from '../testing/rows.js';

let project: Awaited<ReturnType<typeof startPetsProject>>;
beforeAll(async () => {
  // Nothing listens there: without a parser everything is answered all the same.
  project = await startPetsProject('http://127.0.0.1:9');
});
afterAll(() => project.stop());

function ask(command: Command, locale: Locale = 'en', projectId = project.api.projectId) {
  return project.insights.answer(project.ownerId, projectId, command, 'why?', locale);
}
const textOf = (answer: { sentences: AnswerSentence[] }) => answer.sentences.map(({ text }) => text).join(' ');

describe('a project without any run', () => {
  it.each([
    ['why_not_improving', 'No training was started yet'],
    ['best_run', 'No training has an accuracy yet'],
    ['best_model', 'no registered model yet'],
    ['what_next', 'No training was started yet'],
  ])('answers %s, and says that nothing stands behind it', async (topic, text) => {
    const answer = await ask({ kind: 'explain', topic });
    expect(textOf(answer)).toContain(text);
    expect(textOf(answer)).toContain('no run or model behind this answer');
    expect(answer).toMatchObject({ engine: 'rules', note: null, usage: null });
  });

  it('explains a word with the page it comes from', async () => {
    const answer = await ask({ kind: 'explain', topic: 'concept', concept: 'learning rate' }, 'ko');
    expect(textOf(answer)).toContain('학습률은');
    expect(answer.sentences.flatMap(({ links }) => links)[0]?.source.kind).toBe('page');
  });
});

describe('a project with runs', () => {
  let runId: string;
  beforeAll(async () => {
    runId = await project.fill();
  });

  it('says why an accuracy does not rise, each figure at its step of its curve', async () => {
    const answer = await ask({ kind: 'explain', topic: 'why_not_improving', run: 'pets-resnet18' }, 'ko');
    expect(textOf(answer)).toContain('검증 정확도는 3번째 에폭에서 80.0%로 가장 높았고');
    expect(textOf(answer)).toContain('과적합이에요. 2번째 에폭 뒤로');
    expect(textOf(answer)).toContain('“cat” 이미지는 450장인데 “dog” 이미지는 50장');
    const [first] = answer.sentences;
    const link = first?.links.find(({ span }) => first.text.slice(span[0], span[1]) === '80.0%');
    expect(link?.source).toEqual({ kind: 'run', runId, name: 'pets-resnet18', key: 'val_accuracy', step: 3 });
    const data = answer.sentences.flatMap(({ links }) => links).find(({ source }) => source.kind === 'dataset');
    expect(data?.source).toEqual({ kind: 'dataset', datasetId: 'dst_pets', name: 'pets' });
    expect(z.array(AnswerSentence).parse(answer.sentences)).toEqual(answer.sentences);
  });

  it('finds a run by its id, by its name in any case, and by the model it left', async () => {
    for (const about of [{ run: runId }, { run: 'Pets ResNet18' }, { model: 'pets-large', version: '1.0.0' }]) {
      const answer = await ask({ kind: 'explain', topic: 'duration', ...about });
      expect(textOf(answer)).toContain('pets-resnet18 took 2 min 5 sec');
    }
  });

  it('names what there is where a run or a model is not found', async () => {
    const noRun = await ask({ kind: 'explain', topic: 'why_failed', run: 'dogs-9' });
    expect(textOf(noRun)).toMatch(/cannot find that run.*pets-mobilenetv3_small_050, pets-resnet18/);
    const noModel = await ask({ kind: 'explain', topic: 'weak_classes', model: 'dogs' });
    expect(textOf(noModel)).toMatch(/cannot find that model.*pets-/);
  });

  it('chooses the model for the edge by the bytes of its file', async () => {
    const answer = await ask({ kind: 'explain', topic: 'best_model', criterion: 'edge' });
    expect(textOf(answer)).toContain('For the edge I suggest pets-small 1.0.0');
    expect(textOf(answer)).toContain('6.3 MB');
  });

  it('tells the one setting that is asked for', async () => {
    const answer = await ask({ kind: 'explain', topic: 'run_settings', run: runId, concept: 'learning rate' }, 'ko');
    expect(textOf(answer)).toBe('pets-resnet18의 설정: 학습률 0.001.');
  });

  it('compares runs by id, models by version, and models of the catalogue', async () => {
    const runs = await ask({ kind: 'compare', runs: [runId, 'pets-mobilenetv3_small_050'] });
    expect(textOf(runs)).toContain('Learning rate: pets-resnet18 0.001, pets-mobilenetv3_small_050 0.0001.');
    expect(runs.runs?.map(({ name }) => name)).toEqual(['pets-resnet18', 'pets-mobilenetv3_small_050']);
    const models = await ask({ kind: 'compare', models: ['pets-large@1.0.0', 'pets-small'] });
    expect(textOf(models)).toContain('ONNX file 44.8 MB');
    const zoo = await ask({ kind: 'compare', models: ['resnet50', 'vit_base_patch16_224'] });
    expect(textOf(zoo)).toContain('25.6 million');
    expect(textOf(await ask({ kind: 'compare', runs: [runId] }))).toContain('needs two or more');
  });

  it('says so where the curves cannot be read', async () => {
    const answer = await ask({ kind: 'explain', topic: 'why_not_improving', model: 'pets-small' });
    expect(textOf(answer)).toContain('Its curves cannot be read');
  });

  it('tells a question that fits no topic where the project stands', async () => {
    const answer = await ask({ kind: 'explain', query: 'hm?' });
    expect(textOf(answer)).toContain('the best run is pets-resnet18');
  });

  it('says how the last training went where none is under way', async () => {
    const answer = await ask({ kind: 'status' });
    expect(textOf(answer)).toContain('pets-mobilenetv3_small_050: mobilenetv3_small_050 on the dataset pets reached');
    expect(answer.runs?.map(({ name }) => name)).toEqual(['pets-mobilenetv3_small_050']);
  });

  it('reads no project of somebody else, nor a run of one', async () => {
    const { database } = project.api;
    const other = await database.user.create({ data: { id: 'usr_other', name: 'Other', locale: 'en' } });
    const theirs = await database.project.create({ data: { id: 'prj_other', ownerId: other.id, name: 'Theirs' } });
    const run = await addRun({ ...project.api, projectId: theirs.id });
    await expect(ask({ kind: 'explain', topic: 'best_run' }, 'en', theirs.id)).rejects.toMatchObject({
      code: 'project.not_found',
    });
    expect(textOf(await ask({ kind: 'explain', topic: 'run_settings', run }))).toContain('cannot find that run');
  });
});
