import { MalloError, type RunNotice, type TrainingConfig } from '@mallo/contracts';
import { z } from 'zod';

type Notice = Omit<RunNotice, 'at'>;

function toError(code: string, message: string): MalloError {
  if (code === 'out_of_memory') return new MalloError('training.out_of_memory');
  if (code === 'loss_not_finite') return new MalloError('training.diverged');
  return new MalloError('training.failed', { problem: message.replace(/\.$/, '') });
}

/** The last `error code=… message="…"` line of a recipe's output, as an error a person can be shown. */
export function lastProblem(output: string): MalloError | null {
  const lines = [...output.matchAll(/^error code=(\S+) message=("(?:[^"\\]|\\.)*"|\S+)/gm)];
  const [, code, quoted] = lines.at(-1) ?? [];
  if (!code || !quoted) return null;
  return toError(code, quoted.startsWith('"') ? z.string().catch(quoted).parse(JSON.parse(quoted)) : quoted);
}

/** 137: killed with SIGKILL, which on a machine that was otherwise left alone is the kernel, short of memory. */
export function outOfMemoryExit(exitCode: number | null): boolean {
  return exitCode === 137;
}

/** Tells from where a training goes on. */
export function resumedNotice(output: string): Notice {
  const epoch = [...output.matchAll(/^checkpoint epoch=(\d+) path=last\.pth/gm)].at(-1)?.[1];
  return {
    code: 'resumed',
    message: epoch
      ? {
          ko: `중단된 학습을 ${epoch} 에폭 이후부터 이어서 합니다. 끝난 에폭은 잃지 않았습니다.`,
          en: `The interrupted training goes on after epoch ${epoch}. No finished epoch was lost.`,
        }
      : {
          ko: '첫 에폭이 끝나기 전에 중단되어 처음부터 다시 학습합니다.',
          en: 'The training was interrupted before its first epoch ended, so it begins again.',
        },
  };
}

/** What `mallo_trainer.prepare` prints. */
const Prepared = z.object({
  weights: z.string(),
  problem: z
    .object({
      code: z.string(),
      message: z.string(),
      /** With `image_size_unsupported`: one that the model can read. */
      image_size: z.int().optional(),
    })
    .nullable(),
});
export type Prepared = z.infer<typeof Prepared>;

/**
 * What was found out before a training.
 * @throws MalloError when something must be put right first; Error when the output is not of the expected form
 */
export function readPrepared(stdout: string, { model, hyperparameters }: TrainingConfig): Prepared {
  const prepared = Prepared.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
  const { problem } = prepared;
  if (problem?.code === 'image_size_unsupported' && problem.image_size) {
    const [size, usable] = [hyperparameters.imageSize, problem.image_size];
    throw new MalloError('config.image_size_unsupported', { model: model.name, size, usable });
  }
  if (problem) throw toError(problem.code, problem.message);
  return prepared;
}

/** Says which weights a training begins from. */
export function weightsNotice(weights: string): Notice {
  if (weights === 'none') {
    return {
      code: 'weights_unavailable',
      message: {
        ko: '사전학습 가중치를 받을 수 없어 처음부터 학습합니다. 가중치 파일이 있는 폴더를 FALLBACK_PATH로 지정하면 그것을 씁니다.',
        en: 'Pretrained weights cannot be reached, so training begins from scratch. Name a folder with weights in FALLBACK_PATH to use them.',
      },
    };
  }
  return {
    code: 'weights_found',
    message: {
      ko: `사전학습 가중치로 시작합니다: ${weights}`,
      en: `Training begins from pretrained weights: ${weights}`,
    },
  };
}
