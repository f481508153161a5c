import type { StandardSchemaV1 } from "@standard-schema/spec";

type Checked<Output> = { readonly ok: true; readonly value: Output } | { readonly ok: false; readonly message: string };

/** Holds a value against any Standard Schema. Schemas that answer later (async refinements) are refused. */
export function check<Output>(schema: StandardSchemaV1<unknown, Output>, value: unknown): Checked<Output> {
  const result = schema["~standard"].validate(value);
  if (result instanceof Promise) {
    result.catch(() => undefined);
    return { ok: false, message: "its schema answers asynchronously; message schemas must be synchronous" };
  }
  if (result.issues === undefined) return { ok: true, value: result.value };
  return { ok: false, message: result.issues.slice(0, 3).map(describe).join("; ") };
}

function describe(issue: StandardSchemaV1.Issue): string {
  const path = (issue.path ?? []).map((part) => String(typeof part === "object" ? part.key : part)).join(".");
  return path === "" ? issue.message : `${path}: ${issue.message}`;
}
