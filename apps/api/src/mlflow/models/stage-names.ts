import { MlflowError, Stage } from '@mallo/contracts';

const NAMES = ['None', ...Stage.options] as const;

/** A stage by its name in any case; null is MLflow's `None`. @throws MlflowError INVALID_PARAMETER_VALUE */
export function stageNamed(name: string): Stage | null {
  const found = NAMES.find((one) => one.toLowerCase() === name.toLowerCase());
  if (found) return found === 'None' ? null : found;
  const problem = `Invalid Model Version stage: ${name}. Value must be one of ${NAMES.join(', ')}.`;
  throw new MlflowError('INVALID_PARAMETER_VALUE', problem);
}
