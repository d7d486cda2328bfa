import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../settings.js';

/** The Python packages that the trainer's environment has. */
@Injectable()
export class TrainerPackages {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /** Tells of each name whether it is there at this moment; a folder is read once for all of them. */
  installed(): (name: string) => boolean {
    const found = new Set(this.folders().flatMap(namesIn));
    return (name) => found.has(normalised(name));
  }

  private folders(): string[] {
    const lib = join(this.settings.TRAINER_FOLDER, '.venv', 'lib');
    return list(lib).map((python) => join(lib, python, 'site-packages'));
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function namesIn(folder: string): string[] {
  return list(folder)
    .flatMap((name) => /^(.+)-[^-]+\.dist-info$/.exec(name)?.[1] ?? [])
    .map(normalised);
}

/** PEP 503: case, dots, dashes and underscores tell no packages apart. */
function normalised(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}
