import { MlflowError } from '@mallo/contracts';

/** The token of the page that begins there, for what is read by its place in a list, as MLflow writes it. */
export function pageTokenAt(offset: number): string {
  return Buffer.from(`{"offset": ${offset}}`).toString('base64');
}

/** Where the page that a token leads to begins. @throws MlflowError INVALID_PARAMETER_VALUE */
export function pageOffsetOf(token: string): number {
  if (token === '') return 0;
  let read: unknown;
  try {
    read = JSON.parse(Buffer.from(token, 'base64').toString());
  } catch {
    throw new MlflowError('INVALID_PARAMETER_VALUE', 'Invalid page token, could not base64-decode');
  }
  const offset = typeof read === 'object' && read !== null && 'offset' in read ? read.offset : null;
  if (typeof offset === 'number' && Number.isInteger(offset) && offset >= 1 && offset <= 1e9) return offset;
  throw new MlflowError('INVALID_PARAMETER_VALUE', `Invalid page token, parsed value=${token}`);
}
