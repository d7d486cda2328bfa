import { createHash } from 'node:crypto';
import type { RegistryModel } from '@mallo/contracts';
import { stringify } from 'yaml';

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** A registry.yaml with these models. */
export function registryYaml(...models: unknown[]): string {
  return `mallo-registry: 1\n${models.map((one) => `---\n${stringify(one)}`).join('')}`;
}

/** The document of a model with one version of one file. */
export function registryModel(change: Partial<RegistryModel>, files: Record<string, Buffer>): RegistryModel {
  const at = '2026-01-02T03:04:05.000Z';
  const version: RegistryModel['versions'][number] = {
    version: '1.0.0',
    id: 'ver_1',
    createdAt: at,
    architecture: 'resnet18',
    framework: 'pytorch',
    metrics: {},
    valAccuracy: null,
    memo: '',
    tags: {},
    deprecation: null,
    madeFrom: null,
    deletedAt: null,
    purgedAt: null,
    runId: null,
    key: null,
    datasetName: null,
    datasetVersionSha256: null,
    configHash: null,
    recipe: null,
    inputShape: null,
    classNames: null,
    notes: [],
    config: null,
    result: null,
    transcript: null,
    logged: null,
    files: Object.entries(files).map(([name, bytes]) => ({
      name,
      path: `models/pets/1.0.0/${name}`,
      sizeBytes: bytes.length,
      sha256: sha256(bytes),
    })),
  };
  return {
    model: 'pets',
    id: 'mdl_1',
    taskType: 'classification' as const,
    description: '',
    deletedAt: null,
    createdAt: at,
    changedAt: at,
    tags: {},
    aliases: {},
    gates: [],
    aliasChanges: [],
    gateChanges: [],
    versions: [version],
    ...change,
  };
}
