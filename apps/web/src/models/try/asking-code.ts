import type { ModelVersion, Signature } from '@mallo/contracts';

/** What stands in an example for a size that the model leaves free; the first is how many are asked for at once. */
const FREE_SIZE = 8;
/** Types that the Open Inference Protocol calls otherwise than in capitals. */
const DATATYPES: Record<string, string> = { float16: 'FP16', float32: 'FP32', float64: 'FP64', string: 'BYTES' };
const ZEROS: Record<string, string> = { bool: 'False', string: '""' };

/** Python that asks a version with zeros, or with what is nothing in their type, for each of its inputs. */
export function askingCode(
  { modelName, version }: Pick<ModelVersion, 'modelName' | 'version'>,
  { inputs }: Signature,
  origin: string,
): string {
  const lines = inputs.map(({ name, type, shape }) => {
    const sizes = (shape ?? []).map((size, at) => (size === -1 ? (at === 0 ? 1 : FREE_SIZE) : size));
    const count = sizes.reduce((product, size) => product * size, 1);
    const zero = ZEROS[type] ?? (type.startsWith('float') ? '0.0' : '0');
    const datatype = DATATYPES[type] ?? type.toUpperCase();
    return `    {"name": ${JSON.stringify(name)}, "shape": [${sizes.join(', ')}], "datatype": "${datatype}", "data": [${zero}] * ${count}},`;
  });
  return [
    '# pip install requests',
    'import requests',
    '',
    'inputs = [',
    ...lines,
    ']',
    'answer = requests.post(',
    `    "${origin}/api/v1/models/${encodeURIComponent(modelName)}/${encodeURIComponent(version)}/predict",`,
    '    headers={"Authorization": "Bearer mallo_YOUR_TOKEN"},',
    '    json={"inputs": inputs},',
    ')',
    'if not answer.ok:',
    '    raise SystemExit(answer.text)',
    'for output in answer.json()["outputs"]:',
    '    print(output["name"], output["shape"], output["data"][:10])',
  ].join('\n');
}
