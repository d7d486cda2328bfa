import { MalloError, type ModelToAdd } from '@mallo/contracts';
import { lookup, rankByName } from '@mallo/zoo';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../settings.js';
import { type AddedModel, sha256Of } from './added-model.js';
import { AddedModelsRepository } from './added-models.repository.js';
import { describeCode } from './describe-code.js';

/** What is the same of every model that has no library. */
const UNPUBLISHED = {
  ...{ source: 'own' as const, license: null, pretrained: [], published: [] },
  publishedTrainingMemoryGb: null,
};

/** Models that people add to the zoo: each is its person's own. */
@Injectable()
export class AddedModelsService {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly repository: AddedModelsRepository,
  ) {}

  list(userId: string): Promise<AddedModel[]> {
    return this.repository.list(userId);
  }

  /** @throws MalloError zoo.name_taken, and those of `describeCode` */
  async add(userId: string, wish: ModelToAdd): Promise<AddedModel> {
    const taken = lookup(wish.name);
    if (taken) throw new MalloError('zoo.name_taken', { name: taken.name, source: taken.source });
    const model = wish.kind === 'python' ? await this.ofCode(wish) : ofImage(wish);
    if (await this.repository.add(userId, model)) return model;
    throw new MalloError('zoo.name_taken', { name: wish.name, source: 'own' });
  }

  /** @throws MalloError model.unknown */
  async remove(userId: string, name: string): Promise<void> {
    if (await this.repository.remove(userId, name)) return;
    const nearest = rankByName(name, await this.list(userId)).slice(0, 3);
    throw new MalloError('model.unknown', { name, nearest: nearest.map(({ entry }) => entry.name).join(', ') });
  }

  /** The text of a Python file, which stays when its model is removed. */
  async codeOf(sha256: string): Promise<string> {
    const code = await this.repository.codeOf(sha256);
    if (code === null || sha256Of(code) !== sha256) throw new Error(`no code ${sha256}`);
    return code;
  }

  private async ofCode(wish: Extract<ModelToAdd, { kind: 'python' }>): Promise<AddedModel> {
    const { name, code, inputSize } = wish;
    const found = await describeCode(this.settings.TRAINER_FOLDER, { code, entry: wish.entry, inputSize });
    return {
      ...UNPUBLISHED,
      ...{ name, family: found.entry, taskType: 'classification', inputSize },
      fixedInputSize: found.fixed_input_size,
      ...(found.fixed_input_size ? { sizeStep: null } : {}),
      paramsM: found.params / 1e6,
      ...{ gflops: found.gflops, activationsM: found.activations_m },
      added: { kind: 'python', code, sha256: sha256Of(code), entry: found.entry },
    };
  }
}

function ofImage({ name, image, taskType }: Extract<ModelToAdd, { kind: 'docker' }>): AddedModel {
  return {
    ...UNPUBLISHED,
    ...{ name, family: 'docker', taskType, inputSize: null, fixedInputSize: false },
    ...{ paramsM: null, gflops: null, activationsM: null },
    added: {
      kind: 'docker',
      image,
      // The contract of a recipe: config.json in, printed lines and a folder of files out.
      command: `docker run --rm --network none -v "$PWD/data:/data:ro" -v "$PWD/output:/output" -v "$PWD/config.json:/config.json:ro" ${image} /config.json`,
    },
  };
}
