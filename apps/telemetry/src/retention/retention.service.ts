import type { RetainedBytes, Retention, RetentionSettings } from '@mallo/contracts';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import type { PointStore } from '../points/point-store.js';
import type { ProjectsService } from '../tracking/projects.service.js';
import { PassEnded, type RetentionRepository } from './retention.repository.js';
import type { RunFilesClient } from './run-files.client.js';

const LOOK_EVERY_MS = 6 * 60 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;
const FOLDERS_AT_ONCE = 100;

type Parts = {
  projects: ProjectsService;
  repository: RetentionRepository;
  points: PointStore;
  files: RunFilesClient;
  log: Logger;
};

/**
 * Removes what a project no longer wants to keep. Each step is done whole or not at all and the database knows what is
 * left, so a pass that was killed is gone on with at the next start; two at once do no harm.
 */
export class RetentionService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly passes = new Map<string, Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private isStopping = false;

  constructor(private readonly parts: Parts) {}

  onApplicationBootstrap(): void {
    this.look(false);
    this.timer = setInterval(() => this.look(true), LOOK_EVERY_MS).unref();
  }

  /** What is under way ends after the step it is in, and is gone on with at the next start. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.isStopping = true;
    await Promise.all(this.passes.values());
  }

  /** @throws MalloError project.not_found */
  async get(userId: string, projectId: string): Promise<Retention> {
    await this.parts.projects.checkOwner(userId, projectId);
    return this.parts.repository.get(projectId);
  }

  /** @throws MalloError project.not_found */
  async set(userId: string, projectId: string, settings: RetentionSettings): Promise<Retention> {
    await this.parts.projects.checkOwner(userId, projectId);
    await this.parts.repository.set(projectId, settings);
    return this.parts.repository.get(projectId);
  }

  /** @throws MalloError project.not_found, server.unavailable */
  async held(userId: string, projectId: string): Promise<RetainedBytes> {
    await this.parts.projects.checkOwner(userId, projectId);
    await this.parts.points.settle({ projectId });
    const [held, fileBytes] = await Promise.all([
      this.parts.repository.held(projectId),
      this.parts.files.heldBytes(projectId),
    ]);
    return { ...held, fileBytes };
  }

  /** Begins a pass; while one is under way, it goes on. @throws MalloError project.not_found */
  async begin(userId: string, projectId: string): Promise<Retention> {
    await this.parts.projects.checkOwner(userId, projectId);
    if (await this.parts.repository.begin(projectId)) this.goOn(projectId);
    return this.parts.repository.get(projectId);
  }

  /** @throws MalloError project.not_found */
  async cancel(userId: string, projectId: string): Promise<Retention> {
    await this.parts.projects.checkOwner(userId, projectId);
    await this.parts.repository.end(projectId, 'cancelled');
    return this.parts.repository.get(projectId);
  }

  /** Goes on with passes that a process before this one left; with `due` begins those whose time has come. */
  private look(due: boolean): void {
    const { repository, log } = this.parts;
    const all = async () => {
      for (const projectId of await repository.projects(due)) {
        await repository.begin(projectId);
        this.goOn(projectId);
      }
    };
    all().catch((error: unknown) => log.warn({ err: error }, 'what is past its time is not known'));
  }

  private goOn(projectId: string): void {
    if (this.isStopping || this.passes.has(projectId)) return;
    const pass = this.pass(projectId)
      .catch(async (error: unknown) => {
        if (error instanceof PassEnded) return;
        this.parts.log.warn({ projectId, err: error }, 'what is past its time was not all removed');
        await this.parts.repository.end(projectId, 'failed');
      })
      .catch((error: unknown) => this.parts.log.warn({ projectId, err: error }, 'a pass waits for the next start'))
      .finally(() => this.passes.delete(projectId));
    this.passes.set(projectId, pass);
  }

  private async pass(projectId: string): Promise<void> {
    const { repository, points, files } = this.parts;
    const { deletedDays, detailDays } = (await repository.get(projectId)).settings;
    // Else nobody sees yet what runs have.
    await points.settle({ projectId });
    if (deletedDays !== null) {
      const beforeMs = Date.now() - deletedDays * DAY_MS;
      while (!this.isStopping && (await repository.removeRun(projectId, beforeMs)));
      while (!this.isStopping && (await repository.removeModel(projectId, beforeMs)));
      await repository.removeExperiments(projectId, beforeMs);
    }
    while (!this.isStopping) {
      const removed = await repository.removedFiles(projectId, FOLDERS_AT_ONCE);
      if (removed.length === 0) break;
      await repository.filesFreed(projectId, removed, await files.free(projectId, removed));
    }
    if (detailDays !== null) {
      const beforeMs = Date.now() - detailDays * DAY_MS;
      let runId: string | null = '';
      while (!this.isStopping) {
        runId = await repository.nextWithDetails(projectId, beforeMs, runId);
        if (runId === null) break;
        await points.settle({ runId });
        await repository.trimRun(projectId, runId, beforeMs);
      }
    }
    if (!this.isStopping) await repository.end(projectId, 'done');
  }
}
