import type { Report, Source } from './source.js';
export class DatabaseSource {
  static async open(_path: string, _artifacts: readonly string[], _report: Report): Promise<Source> {
    throw new Error('not yet');
  }
}
