/** What the api takes as a file of a model. */
export const MODEL_FILES = ['.onnx', '.safetensors', '.pt', '.pth', '.torchscript', '.zip'];

/** Files of one version. */
const FILES_LIMIT = 100;

export type FileProblem = 'type' | 'empty' | 'twice' | 'tooMany';

/** Why a file is not taken beside those that are there, or null. */
export function fileProblem(file: File, there: readonly { name: string }[]): FileProblem | null {
  const name = file.name.toLowerCase();
  if (!MODEL_FILES.some((extension) => name.endsWith(extension))) return 'type';
  if (file.size === 0) return 'empty';
  if (there.some((one) => one.name === file.name)) return 'twice';
  return there.length >= FILES_LIMIT ? 'tooMany' : null;
}
