import type { Failure } from "./errors";

/** What a server action answers. It never throws: Next hides thrown messages in production. */
export type ActionResult<T> =
  { ok: true; data: T } | { ok: false; error: Failure };
