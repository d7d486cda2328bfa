/** Whether a registered model is one of MLflow's prompts, which are kept as such. */
export function isPrompt(tags: readonly { key: string; value: string }[]): boolean {
  return tags.some(({ key, value }) => key === 'mlflow.prompt.is_prompt' && value.toLowerCase() === 'true');
}
