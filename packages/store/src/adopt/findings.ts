/** Something about the user's tables: in the way of adopting them, or good to know. */
export interface Finding {
  readonly table: string;
  readonly column: string | undefined;
  readonly problem: string;
  /** What to do about it. */
  readonly remedy: string;
}

export interface Findings {
  readonly obstacles: readonly Finding[];
  readonly warnings: readonly Finding[];
}

export const none: Findings = { obstacles: [], warnings: [] };

export function together(findings: readonly Findings[]): Findings {
  return {
    obstacles: findings.flatMap(({ obstacles }) => obstacles),
    warnings: findings.flatMap(({ warnings }) => warnings),
  };
}
