import { type ArtifactPlace, inFolder, MlflowError, type MlflowFileInfo, pathOf } from '@mallo/contracts';
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import type { Blob } from '../../objects/object-store.js';

export type LoggedFile = Blob & { createdAt: Date };

/** A file by its path from the folder that it was looked for in. */
export type NamedBlob = Blob & { name: string };

/** Which bytes the files are that programs logged, by their places in the projects' artifact roots. */
@Injectable()
export class ArtifactsRepository {
  constructor(private readonly database: Database) {}

  async find(projectId: string, place: ArtifactPlace): Promise<LoggedFile | null> {
    const row = await this.database.loggedArtifact.findUnique({
      where: { projectId_root_path: { projectId, ...place } },
    });
    return row && { sha256: row.sha256, sizeBytes: Number(row.sizeBytes), createdAt: row.createdAt };
  }

  /** What is right under a folder, each file and folder once, by their names alone. */
  async list(projectId: string, { root, path }: ArtifactPlace): Promise<MlflowFileInfo[]> {
    const under = inFolder(path);
    const rows = await this.database.$queryRaw<{ name: string; isFolder: boolean; sizeBytes: bigint }[]>`
      SELECT split_part(rest, '/', 1) AS name, bool_or(strpos(rest, '/') > 0) AS "isFolder", max(size_bytes) AS "sizeBytes"
      FROM (SELECT substr(path, char_length(${under}) + 1) AS rest, size_bytes FROM mallo.logged_artifacts
             WHERE project_id = ${projectId} AND root = ${root} AND starts_with(path, ${under})) AS files
      GROUP BY name`;
    return rows.map(({ name, isFolder, sizeBytes }) =>
      isFolder ? { path: name, is_dir: true } : { path: name, is_dir: false, file_size: Number(sizeBytes) },
    );
  }

  /** Every file under a folder, by its path from there. */
  async under(projectId: string, { root, path }: ArtifactPlace): Promise<NamedBlob[]> {
    const under = inFolder(path);
    const where = { projectId, root, path: { startsWith: under } };
    const rows = await this.database.loggedArtifact.findMany({ where, orderBy: { path: 'asc' } });
    return rows.map(({ path: whole, sha256, sizeBytes }) => ({
      name: whole.slice(under.length),
      sha256,
      sizeBytes: Number(sizeBytes),
    }));
  }

  /**
   * Keeps a file in its place. @returns the digest of what was there before
   * @throws MlflowError INVALID_PARAMETER_VALUE where a folder has the name of the file, or a file that of a folder
   */
  put(projectId: string, place: ArtifactPlace, { sha256, sizeBytes }: Blob): Promise<string | null> {
    const { root, path } = place;
    const segments = path.split('/');
    const folders = segments.slice(1).map((_, at) => segments.slice(0, at + 1).join('/'));
    return this.database.$transaction(async (tables) => {
      // Of a file and a folder of one name at once, the second is refused.
      await tables.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`${projectId} ${root}`}, 0))`;
      const clash = await tables.loggedArtifact.findFirst({
        where: { projectId, root, OR: [{ path: { in: folders } }, { path: { startsWith: `${path}/` } }] },
      });
      if (clash) {
        const problem = clash.path.startsWith(`${path}/`)
          ? `Artifact path refers to a directory, not a file: '${pathOf(place)}'`
          : `Artifact path refers to a file, not a directory: '${pathOf({ root, path: clash.path })}'`;
        throw new MlflowError('INVALID_PARAMETER_VALUE', problem);
      }
      const where = { projectId_root_path: { projectId, root, path } };
      const before = await tables.loggedArtifact.findUnique({ where });
      const file = { sha256, sizeBytes, createdAt: new Date() };
      await tables.loggedArtifact.upsert({ where, create: { projectId, root, path, ...file }, update: file });
      return before && before.sha256 !== sha256 ? before.sha256 : null;
    });
  }

  /** Every file that programs of a project logged. */
  async all(projectId: string): Promise<Blob[]> {
    const rows = await this.database.loggedArtifact.findMany({ where: { projectId }, distinct: ['sha256'] });
    return rows.map(({ sha256, sizeBytes }) => ({ sha256, sizeBytes: Number(sizeBytes) }));
  }

  /** Lets go of a file, or of all in a folder. @returns what they were */
  async remove(projectId: string, { root, path }: ArtifactPlace): Promise<Blob[]> {
    const rows = await this.database.$queryRaw<{ sha256: string; sizeBytes: bigint }[]>`
      DELETE FROM mallo.logged_artifacts WHERE project_id = ${projectId} AND root = ${root}
        AND (${path} = '' OR path = ${path} OR starts_with(path, ${`${path}/`}))
      RETURNING sha256, size_bytes AS "sizeBytes"`;
    return rows.map(({ sha256, sizeBytes }) => ({ sha256, sizeBytes: Number(sizeBytes) }));
  }
}
