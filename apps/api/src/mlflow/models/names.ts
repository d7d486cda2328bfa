import { checkName, checkOwnPath, invalidValue } from '@mallo/backend';
import { AliasName, MlflowError, ModelName } from '@mallo/contracts';

/** What MLflow checks of names, in its words (`mlflow/utils/validation.py`), and after that what Mallo does. */

const refused = (message: string) => new MlflowError('INVALID_PARAMETER_VALUE', message);

const KEY_LENGTH = 250;
const TEXT_LENGTH = 100_000;

/** The name of a model that is to be made, or that one is to get. @throws MlflowError INVALID_PARAMETER_VALUE */
export function checkNewName(name: string, parameter: 'name' | 'new_name' = 'name'): string {
  if (name.trim() === '') throw refused(`Missing value for required parameter '${parameter}'.`);
  if (/[/:]/.test(name)) throw refused(`Invalid model name '${name}'. Names cannot contain '/' or ':'.`);
  checkOwnPath(name, 'name');
  const read = ModelName.safeParse(name);
  if (!read.success) throw invalidValue('name', name, read.error.issues[0]?.message ?? '');
  return read.data;
}

/** The number of a version. @throws MlflowError INVALID_PARAMETER_VALUE */
export function numberOf(version: string): number {
  if (/^\s*[+-]?\d{1,9}\s*$/.test(version)) return Number(version);
  throw refused(`Parameter 'version' must be an integer, got '${version}'.`);
}

/** @throws MlflowError INVALID_PARAMETER_VALUE */
export function checkTagKey(key: string): void {
  checkName(key, 'key');
  if (key.length > KEY_LENGTH) throw refused(`'key' exceeds the maximum length of ${KEY_LENGTH} characters`);
  // It would be read as something else by whatever reads JSON into objects.
  if (key === '__proto__') throw invalidValue('key', key, 'The name is reserved.');
}

/** Tags by their keys, the last of each. @throws MlflowError INVALID_PARAMETER_VALUE */
export function tagsOf(tags: { key: string; value: string }[]): Record<string, string> {
  for (const { key, value } of tags) {
    checkTagKey(key);
    checkText('value', value);
  }
  return Object.fromEntries(tags.map(({ key, value }) => [key, value]));
}

/** @throws MlflowError INVALID_PARAMETER_VALUE of text that PostgreSQL cannot hold, or of a book */
export function checkText(name: string, text: string): void {
  if (text.length > TEXT_LENGTH) throw refused(`'${name}' exceeds the maximum length of ${TEXT_LENGTH} characters`);
  if (text.includes('\0') || !text.isWellFormed()) throw refused(`'${name}' must be text without NUL`);
}

/** The name of an alias, as it may be asked for or removed. @throws MlflowError INVALID_PARAMETER_VALUE */
export function checkAlias(alias: string): void {
  if (!/^[\p{L}\p{N}_-]*$/u.test(alias)) {
    const problem = 'Names may only contain alphanumerics, underscores (_), and dashes (-).';
    throw refused(`Invalid alias name: '${alias}'. ${problem}`);
  }
  if (alias.length > 255) throw refused(`'Registered model alias name' exceeds the maximum length of 255 characters`);
}

/** The name of an alias that is to be set. @throws MlflowError INVALID_PARAMETER_VALUE */
export function checkNewAlias(alias: string): void {
  checkAlias(alias);
  if (alias.toLowerCase() === 'latest') throw refused("'latest' alias name (case insensitive) is reserved.");
  if (/^v\d+$/i.test(alias)) throw refused(`Version alias name '${alias}' is reserved.`);
  if (!AliasName.safeParse(alias).success) throw refused(`Invalid alias name: '${alias}'. The name is reserved.`);
}
