import { expect, test } from "vitest";
import { z } from "zod";

import { readQuestion } from "./studio-question";

const schema = z.object({ keys: z.array(z.string()) });
const ask = (body: string) =>
  readQuestion(
    new Request("http://localhost/", {
      ...{ method: "POST", body },
      headers: { "content-type": "application/json" },
    }),
    schema,
  );

test("gives what was asked", async () => {
  expect(await ask('{"keys":["A"]}')).toEqual({ keys: ["A"] });
});

test.each([
  ["no JSON", "{", "invalid_input"],
  ["another shape", '{"keys":"A"}', "invalid_input"],
  ["a body without end", `"${"x".repeat(2_000_001)}"`, "too_large"],
])("refuses %s", async (_, body, code) => {
  await expect(ask(body)).rejects.toMatchObject({ code });
});
