import { text } from 'node:stream/consumers';
import type { Program } from '@mallo/backend';
import {
  type ArtifactPlace,
  type LoggedModel,
  MlflowError,
  type ModelVersion,
  pathOf,
  placeOf,
} from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import type { ListedVersion } from '../../registry/listing.js';
import { ModelsService } from '../../registry/models.service.js';
import { RegistryService } from '../../registry/registry.service.js';
import type { NamedBlob } from '../artifacts/artifacts.repository.js';
import { ArtifactsService } from '../artifacts/artifacts.service.js';
import { type Tracked, TrackingClient } from '../tracking.client.js';
import { downloadUriOf } from './answers.js';
import { kindOf, MLMODEL_LIMIT_BYTES, type ModelKind, UNKNOWN_KIND } from './mlmodel.js';
import { checkText, tagsOf } from './names.js';
import { RegisteredModelsService } from './registered-models.service.js';
import { notOf, sourceOf } from './source.js';
import { stageNamed } from './stage-names.js';

type Wish = {
  name: string;
  source: string;
  run_id: string;
  model_id: string;
  run_link: string;
  description: string;
  tags: { key: string; value: string }[];
};

/** What a version is made of. */
type Found = {
  files: NamedBlob[];
  /** The run or logged model that it comes from; its figures and params are the version's. */
  tracked: Tracked | null;
  source: string;
  location: string;
  /** Another version, all of which is taken over. */
  version?: ListedVersion & Pick<ModelVersion, 'framework' | 'architecture' | 'taskType' | 'metrics'>;
};

/** The sources that MLflow's prompts name, which have no files (`mlflow/prompt/constants.py`). */
const PROMPT_SOURCES = new Set(['dummy-source', 'prompt-template']);

/** Makes versions of registered models from what programs logged. */
@Injectable()
export class RegistrationService {
  constructor(
    private readonly models: ModelsService,
    private readonly named: RegisteredModelsService,
    private readonly registry: RegistryService,
    private readonly artifacts: ArtifactsService,
    private readonly tracking: TrackingClient,
  ) {}

  /**
   * Registers the next version, with a key the same one again. The files that are in the source now are its files for
   * good; whatever is logged there later does not change them.
   * @throws MlflowError RESOURCE_DOES_NOT_EXIST, INVALID_PARAMETER_VALUE
   */
  async register(
    caller: Program,
    authorization: string,
    wish: Wish,
    key: string | null = null,
  ): Promise<ListedVersion> {
    const tags = tagsOf(wish.tags);
    checkText('description', wish.description);
    checkText('source', wish.source);
    const model = await this.named.model(caller, wish.name);
    const isPrompt = tags['mlflow.prompt.is_prompt']?.toLowerCase() === 'true';
    const found = isPrompt ? promptOf(wish.source) : await this.find(caller, authorization, wish);
    const { tracked, version } = found;
    const kind = await this.kindOfFound(found);
    const logged: LoggedModel = {
      source: found.source,
      location: found.location,
      modelId: wish.model_id || version?.logged?.modelId || null,
      runId: wish.run_id || tracked?.runId || version?.runId || null,
      runLink: wish.run_link || null,
      params: tracked?.params ?? version?.logged?.params ?? {},
      flavors: kind.flavors,
    };
    const made = await this.models.register(caller.userId, {
      projectId: caller.projectId,
      name: model.name,
      framework: kind.framework,
      architecture: kind.architecture,
      taskType: kind.taskType,
      metrics: tracked?.metrics ?? version?.metrics ?? {},
      memo: wish.description,
      tags,
      artifacts: await this.registry.kindsOf(found.files),
      originRunId: logged.runId,
      logged,
      key,
    });
    // As MLflow does, on the logged model is noted what was made of it.
    if (wish.model_id) await this.tracking.noteVersion(authorization, wish.model_id, made.modelName, made.number);
    return made;
  }

  private async find(caller: Program, authorization: string, wish: Wish): Promise<Found> {
    const { run_id: runId, model_id: modelId } = wish;
    const source = sourceOf(wish.source);
    if (source.kind === 'version') return this.ofVersion(caller, source.name, source.ref, wish);
    const whose = modelId ? 'model_id' : 'run_id';
    const ask = () =>
      modelId ? this.tracking.loggedModel(authorization, modelId) : this.tracking.run(authorization, runId);
    switch (source.kind) {
      case 'logged model': {
        if (modelId !== source.modelId) throw notOf(wish.source, 'model_id');
        const tracked = await ask();
        if (!tracked) throw notOf(wish.source, 'model_id');
        const place = placeAt(tracked.artifactUri);
        return {
          files: await this.artifacts.under(caller, place),
          tracked,
          source: wish.source,
          location: tracked.artifactUri,
        };
      }
      case 'run': {
        if (modelId || runId !== source.runId) throw notOf(wish.source, whose);
        const tracked = await ask();
        if (!tracked) throw notOf(wish.source, 'run_id');
        const location = `${tracked.artifactUri}/${source.path}`.replace(/\/$/, '');
        const files = await this.artifacts.under(caller, placeAt(location));
        return { files, tracked, source: wish.source, location };
      }
      case 'place': {
        const tracked = runId || modelId ? await ask() : null;
        if (!tracked || !isWithin(source.place, placeAt(tracked.artifactUri))) throw notOf(wish.source, whose);
        const files = await this.artifacts.under(caller, source.place);
        return { files, tracked, source: wish.source, location: wish.source };
      }
      case 'elsewhere': {
        const tracked = runId || modelId ? await ask() : null;
        return { files: [], tracked, source: wish.source, location: wish.source };
      }
    }
  }

  private async ofVersion(
    caller: Program,
    name: string,
    ref: { alias: string } | { word: string },
    { source, run_id, model_id }: Wish,
  ): Promise<Found> {
    const version = await this.versionMeant(caller, name, ref);
    const isOther =
      (run_id && run_id !== (version.runId ?? '')) || (model_id && model_id !== (version.logged?.modelId ?? ''));
    if (isOther) {
      const problem = 'The run_id and model_id request parameters must match the referenced model version.';
      throw new MlflowError('INVALID_PARAMETER_VALUE', `Invalid model version source: '${source}'. ${problem}`);
    }
    const whole = await this.registry.version(caller.userId, version.modelId, version.version);
    const { artifacts: files, framework, architecture, taskType, metrics } = whole;
    const exact = `models:/${version.modelName}/${version.number}`;
    const taken = { ...version, framework, architecture, taskType, metrics };
    return { files, tracked: null, source: exact, location: downloadUriOf(version), version: taken };
  }

  private async versionMeant(caller: Program, name: string, ref: { alias: string } | { word: string }) {
    if ('alias' in ref) return this.named.byAlias(caller, name, ref.alias);
    const model = await this.named.model(caller, name);
    if (/^\d+$/.test(ref.word)) return this.named.version(caller, name, ref.word);
    if (ref.word.toLowerCase() === 'latest') return this.named.newest(model);
    const stage = stageNamed(ref.word);
    const found = (await this.models.latest([model.id])).find((one) => one.stage === stage);
    if (found) return found;
    throw new MlflowError(
      'RESOURCE_DOES_NOT_EXIST',
      `No versions of model with name '${name}' and stage '${ref.word}' found`,
    );
  }

  /** What the MLmodel file of the folder says, or the version whose files these are. */
  private async kindOfFound({ files, tracked, version }: Found): Promise<ModelKind> {
    if (!version || files.some(isMlmodel)) return this.kindOf(files, tracked?.tags);
    const { framework, architecture, taskType } = version;
    return { framework, architecture, taskType, flavors: version.logged?.flavors ?? [] };
  }

  /** What the MLmodel file among these says. */
  async kindOf(files: NamedBlob[], tags?: Record<string, string>): Promise<ModelKind> {
    const mlmodel = files.find(isMlmodel);
    if (!mlmodel) return UNKNOWN_KIND;
    return kindOf(await text(await this.registry.openArtifact(mlmodel)), tags);
  }
}

function promptOf(source: string): Found {
  if (PROMPT_SOURCES.has(source)) return { files: [], tracked: null, source, location: source };
  const problem = `Invalid prompt source: '${source}'. Prompt sources must use an MLflow placeholder.`;
  throw new MlflowError('INVALID_PARAMETER_VALUE', problem);
}

function isMlmodel({ name, sizeBytes }: NamedBlob): boolean {
  return name === 'MLmodel' && sizeBytes <= MLMODEL_LIMIT_BYTES;
}

/** The place that an artifact root is, or nowhere when it is not here. */
export function placeAt(artifactUri: string): ArtifactPlace {
  const source = sourceOf(artifactUri);
  // Of a run that logs its files elsewhere, none are here.
  return source.kind === 'place' ? source.place : placeOf('');
}

function isWithin(place: ArtifactPlace, root: ArtifactPlace): boolean {
  const [inner, outer] = [pathOf(place), pathOf(root)];
  return outer !== '' && (inner === outer || inner.startsWith(`${outer}/`));
}
