/** Longer names are cut: a folder's name may have 255 bytes, and three go to a Korean syllable. */
const LENGTH = 80;

/** A name as every file system takes it. */
function safe(name: string): string {
  const text = [...name.normalize('NFC')].slice(0, LENGTH).join('');
  return text.replace(/[\\/:*?"<>|\p{Cc}]/gu, '_').replace(/^\.+$|[. ]+$/u, (dots) => '_'.repeat(dots.length));
}

/** Gives each file of a registry a place in its zip that no other has: `models/NAME/VERSION/FILE`. */
export class RegistryPaths {
  private readonly taken = new Set<string>();

  /** The folder of a model. */
  folderOf(model: string): string {
    return this.free(`models/${safe(model)}`, '');
  }

  /** A file of a version, whose name may have folders of its own. */
  pathOf(folder: string, version: string, file: string): string {
    const name = file.split('/').map(safe).join('/');
    const at = name.lastIndexOf('.');
    const [stem, extension] = at > name.lastIndexOf('/') + 1 ? [name.slice(0, at), name.slice(at)] : [name, ''];
    return this.free(`${folder}/${version}/${stem}`, extension);
  }

  /** Names that differ only in case are one on many file systems. */
  private free(stem: string, extension: string): string {
    for (let count = 1; ; count += 1) {
      const path = `${stem}${count > 1 ? `~${count}` : ''}${extension}`;
      const key = path.toLowerCase();
      if (this.taken.has(key)) continue;
      this.taken.add(key);
      return path;
    }
  }
}
