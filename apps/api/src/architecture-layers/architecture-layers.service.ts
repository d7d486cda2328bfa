import { type Architecture, MalloError, type ModelVersion, type Signature } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { onnxOf } from '../model-files/onnx-artifact.js';
import { readSafetensors, type TensorInfo } from '../model-files/safetensors-file.js';
import { RegistryService } from '../registry/registry.service.js';
import { graphLayers } from './graph-layers.js';
import { readOnnxGraph } from './onnx-graph.js';
import { stateDictLayers } from './state-dict-layers.js';

/** What models are made of, read from their files without loading the weights. */
@Injectable()
export class ArchitectureLayersService {
  constructor(private readonly registry: RegistryService) {}

  /**
   * The layers of a version: operators of its ONNX file, or without one the tensors of its safetensors files.
   * @throws MalloError model.not_found, model.artifact_missing, model.file_damaged, model.layers_unknown
   */
  async layers(userId: string, modelId: string, number: string): Promise<Architecture> {
    const version = await this.registry.version(userId, modelId, number);
    const onnx = onnxOf(version);
    if (onnx) {
      const { path } = await this.registry.artifactFile(version, onnx.name);
      return graphLayers(onnx.name, await readOnnxGraph(path, onnx.name));
    }
    const files = version.artifacts.map(({ name }) => name).filter((name) => /\.safetensors$/i.test(name));
    if (files.length === 0) throw new MalloError('model.layers_unknown');
    const tensors = await Promise.all(files.map((name) => this.tensorsOf(version, name)));
    return stateDictLayers(files.join(', '), tensors.flat());
  }

  /** What it reads and gives out; neither is known of weights alone. @throws MalloError as `layers` */
  async signature(userId: string, modelId: string, number: string): Promise<Signature> {
    const { inputs, outputs } = await this.layers(userId, modelId, number);
    return { inputs, outputs };
  }

  private async tensorsOf(version: ModelVersion, name: string): Promise<TensorInfo[]> {
    const { artifact, path } = await this.registry.artifactFile(version, name);
    return readSafetensors(path, artifact.sizeBytes, name);
  }
}
