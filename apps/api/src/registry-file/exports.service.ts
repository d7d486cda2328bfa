import { PassThrough, Readable } from 'node:stream';
import { MalloError } from '@mallo/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { ZipFile } from 'yazl';
import { ObjectStore } from '../objects/object-store.js';
import { ProjectsService } from '../projects/projects.service.js';
import { LOG } from '../settings.js';
import { RegistryFileRepository } from './registry-file.repository.js';
import { RegistryPaths } from './registry-paths.js';
import { writeRegistry } from './registry-yaml.js';

/** The same registry is the same zip to the last byte, whenever it is written. */
const NO_TIME = new Date(1980, 0, 1);

type Stored = { path: string; sizeBytes: number };

/** A project's registry as one file that people can read, with the files of its models beside it. */
@Injectable()
export class ExportsService {
  constructor(
    @Inject(LOG) private readonly log: Logger,
    private readonly projects: ProjectsService,
    private readonly models: RegistryFileRepository,
    private readonly objects: ObjectStore,
  ) {}

  /**
   * The zip as it is written; a file that several versions have is in it once. Every file is checked before the first
   * byte goes out, so that no half of a registry is ever taken for the whole.
   * @throws MalloError project.not_found, model.artifact_missing
   */
  async export(userId: string, projectId: string): Promise<{ name: string; zip: Readable }> {
    const { name } = await this.projects.get(userId, projectId);
    for await (const { model, versions } of this.models.models(projectId, () => () => '-')) {
      for (const { version, files } of versions) {
        for (const file of files) {
          const path = `${model} ${version} ${file.name}`;
          if (!(await this.objects.path(file.sha256))) throw new MalloError('model.artifact_missing', { path });
        }
      }
    }
    return { name, zip: this.write(projectId) };
  }

  private write(projectId: string): Readable {
    const zip = new ZipFile();
    const output = new PassThrough();
    const fail = (error: unknown) => output.destroy(error instanceof Error ? error : new Error(String(error)));
    zip.on('error', fail);
    output.on('error', (err: unknown) => this.log.warn({ err, projectId }, 'an export broke off'));
    zip.outputStream.pipe(output);

    const files = new Map<string, Stored>();
    const paths = new RegistryPaths();
    const models = this.models.models(projectId, (model) => {
      const folder = paths.folderOf(model);
      return (version, { name, sha256, sizeBytes }) => {
        const path = files.get(sha256)?.path ?? paths.pathOf(folder, version, name);
        files.set(sha256, { path, sizeBytes });
        return path;
      };
    });
    // Where the files go is known when the last model is written; then they follow.
    const yaml = Readable.from(writeRegistry(models));
    yaml.on('error', fail);
    yaml.on('end', () => this.addFiles(zip, files, output));
    zip.addReadStream(yaml, 'registry.yaml', { mtime: NO_TIME });
    return output;
  }

  private addFiles(zip: ZipFile, files: Map<string, Stored>, output: PassThrough): void {
    let reading: Readable | undefined;
    // Whoever asked may go away in the middle.
    output.once('close', () => reading?.destroy());
    for (const [sha256, { path, sizeBytes }] of files) {
      // Weights do not shrink, and each is opened when its turn comes.
      zip.addReadStreamLazy(path, { compress: false, size: sizeBytes, mtime: NO_TIME }, (take) => {
        this.objects.open(sha256).then(
          (opened) => {
            reading = opened?.stream;
            if (output.destroyed) reading?.destroy();
            else if (reading) take(null, reading);
            else take(new MalloError('model.artifact_missing', { path }), Readable.from([]));
          },
          (error: unknown) => take(error, Readable.from([])),
        );
      });
    }
    zip.end();
  }
}
