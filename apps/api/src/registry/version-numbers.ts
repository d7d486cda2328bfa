export type VersionNumbers = { major: number; minor: number; patch: number };

export function versionOf({ major, minor, patch }: VersionNumbers): string {
  return `${major}.${minor}.${patch}`;
}

/** A version by its unique numbers. */
export function placeOf(modelId: string, version: string): VersionNumbers & { modelId: string } {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return { modelId, major, minor, patch };
}
