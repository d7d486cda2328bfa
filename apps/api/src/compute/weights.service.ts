import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';

const HUB = 'https://huggingface.co';
/** An air-gapped site often drops packets instead of refusing them. */
const REACH_MS = 2_000;
/** A network comes and goes; asking once in a while is enough for a default. */
const REMEMBER_MS = 10 * 60_000;

/**
 * Whether pretrained weights are likely to be had, to choose a default by. The trainer finds out for certain before
 * a training, in the same order: `FALLBACK_PATH`, the cache on this machine, the network.
 */
@Injectable()
export class WeightsService {
  private asked: { atMs: number; answer: Promise<boolean> } | null = null;

  async areLikely(modelName: string): Promise<boolean> {
    if (process.env.FALLBACK_PATH || (await isCached(modelName))) return true;
    return this.hubAnswers();
  }

  private hubAnswers(): Promise<boolean> {
    if (['1', 'TRUE', 'YES', 'ON'].includes((process.env.HF_HUB_OFFLINE ?? '').toUpperCase())) {
      return Promise.resolve(false);
    }
    // Node's fetch does not go through a proxy; the trainer does.
    if (process.env.HTTPS_PROXY || process.env.https_proxy) return Promise.resolve(true);
    if (!this.asked || Date.now() - this.asked.atMs > REMEMBER_MS) {
      const answer = fetch(process.env.HF_ENDPOINT || HUB, {
        method: 'HEAD',
        signal: AbortSignal.timeout(REACH_MS),
      }).then(
        () => true,
        () => false,
      );
      this.asked = { atMs: Date.now(), answer };
    }
    return this.asked.answer;
  }
}

/** Whether the Hugging Face cache has a repository of this timm model (`models--timm--resnet18.a1_in1k`). */
async function isCached(modelName: string): Promise<boolean> {
  const { HF_HUB_CACHE, HF_HOME, XDG_CACHE_HOME } = process.env;
  const home = HF_HOME ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'huggingface');
  const folders = await readdir(HF_HUB_CACHE ?? join(home, 'hub')).catch(() => []);
  return folders.some((folder) => folder.split('.')[0] === `models--timm--${modelName.split('.')[0]}`);
}
