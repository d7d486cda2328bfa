/** Why a schema refuses a value, in both languages; what `refine` takes. The reading is `describeIssues` of the backend. */
export function because(en: string, ko: string): { message: string; params: { ko: string } } {
  return { message: en, params: { ko } };
}
