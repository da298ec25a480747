/** What is wrong with something a person wrote: where it is, which rule it breaks, how to mend it. */
export interface Problem {
  readonly file: string;
  /** 1-based; null when the problem is with the file as a whole. */
  readonly line: number | null;
  /** Path of the field, for example `spec.text`; null when the problem is with the file as a whole. */
  readonly field: string | null;
  readonly message: string;
  readonly fix: string;
}

export function formatProblem(problem: Problem): string {
  const place = problem.line === null ? problem.file : `${problem.file}:${problem.line}`;
  const field = problem.field === null ? '' : ` ${problem.field}:`;
  return `${place}:${field} ${problem.message}. ${problem.fix}`;
}
