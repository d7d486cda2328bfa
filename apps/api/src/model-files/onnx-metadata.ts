import { open } from 'node:fs/promises';
import { WireReader } from './wire-reader.js';

/** Fields of ModelProto and StringStringEntryProto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3). */
const MODEL_METADATA = 14;
const ENTRY_KEY = 1;
const ENTRY_VALUE = 2;

/**
 * What an exporter wrote into an ONNX file about the model, by key; texts of more than 64 kB are left out. The weights
 * are stepped over, so this takes the same memory for every size. onnxruntime-node does not hand these out.
 * @throws Error when the file is not well-formed
 */
export async function readOnnxMetadata(path: string): Promise<Record<string, string>> {
  const file = await open(path);
  try {
    const reader = new WireReader(file);
    const found: Record<string, string> = {};
    for await (const field of reader.fields(0, (await file.stat()).size)) {
      if (field.number !== MODEL_METADATA || !('start' in field)) continue;
      const said: Record<number, string> = {};
      for await (const text of reader.fields(field.start, field.end)) {
        if ('start' in text) said[text.number] = await reader.text(text.start, text.end).catch(() => '');
      }
      found[said[ENTRY_KEY] ?? ''] = said[ENTRY_VALUE] ?? '';
    }
    return found;
  } finally {
    await file.close();
  }
}
