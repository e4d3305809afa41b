import { findMember, isObject } from "./wire-members";
import { createProblemList } from "./wire-problems";

/**
 * Reads the body of `POST /dataProviders/tokens`; undefined for what is missing
 * or no text, which is refused like wrong credentials.
 *
 * @throws {RefusedBodyError} when it is no object or has two spellings of a member.
 */
export function readTokenBody(body: unknown): {
  id: string | undefined;
  secret: string | undefined;
} {
  const problems = createProblemList("body");
  if (!isObject(body)) {
    problems.add(
      "",
      `The body must be a JSON object such as {"id": "…", "secret": "…"}. Send one.`,
    );
    problems.throwIfAny();
    return { id: undefined, secret: undefined };
  }
  const id = findMember(body, "id", problems);
  const secret = findMember(body, "secret", problems);
  problems.throwIfAny();
  return {
    id: typeof id === "string" ? id : undefined,
    secret: typeof secret === "string" ? secret : undefined,
  };
}
