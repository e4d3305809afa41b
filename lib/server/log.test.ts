import { DrizzleQueryError } from "drizzle-orm";
import { expect, test } from "vitest";

import { describeError } from "./log";

test("a failed statement is logged without what it was given", () => {
  const error = new DrizzleQueryError(
    "insert into users values ($1, $2)",
    ["anna@example.com", "$argon2id$v=19$hash"],
    new Error("disk full"),
  );
  const line = JSON.stringify(describeError(error));
  expect(line).toContain("insert into users");
  expect(line).toContain("disk full");
  expect(line).toContain("log.test");
  expect(line).not.toContain("anna");
  expect(line).not.toContain("argon2id");
});
