type Tag = { key: string; value: string };

/** By which MLflow's searches tell prompts, which it keeps as registered models, from models. */
export const IS_PROMPT_FILTER = "tags.`mlflow.prompt.is_prompt` = 'true'";
/** In which experiments a prompt is shown, by their ids: `,1,2,`. */
const EXPERIMENTS_TAG = '_mlflow_experiment_ids';

/** Whether a registered model is one of MLflow's prompts, which are kept as such. */
export function isPrompt(tags: readonly Tag[]): boolean {
  return tags.some(({ key, value }) => key === 'mlflow.prompt.is_prompt' && value.toLowerCase() === 'true');
}

/** The tags of a prompt with the experiments it names as they are called elsewhere; those that are not there are left out. */
export function inExperiments(tags: readonly Tag[], idElsewhere: (id: string) => string | undefined): Tag[] {
  return tags.flatMap(({ key, value }) => {
    if (key !== EXPERIMENTS_TAG) return [{ key, value }];
    const ids = value.split(',').flatMap((id) => idElsewhere(id.trim()) ?? []);
    return ids.length > 0 ? [{ key, value: `,${ids.join(',')},` }] : [];
  });
}
