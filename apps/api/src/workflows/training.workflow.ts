import type { StepName } from '@mallo/contracts';
import type { StepPolicy, Steps } from './steps.js';
import type { Outcome, TrainingActivities } from './training.activities.js';

const MINUTE = 60;

const POLICIES: Record<StepName, StepPolicy> = {
  validate_dataset: { timeoutSeconds: 5 * MINUTE, maxAttempts: 3 },
  prepare_model: { timeoutSeconds: 10 * MINUTE, maxAttempts: 3 },
  allocate_compute: { timeoutSeconds: 10 * MINUTE, maxAttempts: 3 },
  // The trainer is started again from its checkpoints within the step; its heartbeat is watched there too.
  run_training: { timeoutSeconds: 24 * 60 * MINUTE, maxAttempts: 1 },
  register_model: { timeoutSeconds: 10 * MINUTE, maxAttempts: 5 },
  release_compute: { timeoutSeconds: 10 * MINUTE, maxAttempts: 10 },
};

/** One training, from its dataset to a registered model. Only decides: all that is done is in the activities. */
export async function trainingWorkflow(runId: string, steps: Steps, activities: TrainingActivities): Promise<void> {
  const work: [StepName, (runId: string, signal: AbortSignal) => Promise<void>][] = [
    ['validate_dataset', activities.validateDataset],
    ['prepare_model', activities.prepareModel],
    ['allocate_compute', activities.allocateCompute],
    ['run_training', activities.runTraining],
    ['register_model', activities.registerModel],
  ];
  let outcome: Outcome = { status: 'completed' };
  for (const [name, activity] of work) {
    outcome = await steps.run(name, POLICIES[name], (signal) => activities.attempt(runId, name, activity, signal));
    if (outcome.status !== 'completed') break;
  }
  await steps.run('release_compute', POLICIES.release_compute, async () => {
    await activities.releaseCompute(runId, outcome);
    return outcome;
  });
}
