import { expect, test } from "vitest";

import { createRunLedger, type BatchOutcomes } from "./run-receipt";

const at = "2026-01-02T03:04:05.000Z";
const answer = (fromAt: number, toAt: number, status: number) => ({
  ...{ fromAt, toAt, status, requestId: `r-${status}-${fromAt}` },
  ...{ excerpt: "", at },
});
const line = (more: Partial<BatchOutcomes>): BatchOutcomes => ({
  ...{ sequence: 1, at, outcomes: "cccc", setAside: [], answers: [] },
  ...more,
});

test("an entity that was accepted is never answered with a refusal, where the answer that accepted it is not kept", () => {
  const { answerOf } = createRunLedger([
    line({ answers: [answer(0, 3, 400), answer(0, 1, 202)] }),
  ]);
  expect(answerOf(1, 1)?.remote).toMatchObject({ requestId: "r-202-0" });
  expect(answerOf(1, 2)).toMatchObject({ outcome: "created" });
  expect(answerOf(1, 2)?.remote).toBeUndefined();
});

test("an entity that was refused has the last refusal of a request that held it", () => {
  const aside = { at: 2, key: "K", row: 4, rows: 1, reason: "No." };
  const { answerOf } = createRunLedger([
    line({
      outcomes: "ccac",
      setAside: [aside],
      answers: [answer(0, 3, 400), answer(2, 3, 422), answer(3, 3, 202)],
    }),
  ]);
  expect(answerOf(1, 2)).toMatchObject({
    ...{ outcome: "aside", reason: "No.", remote: { requestId: "r-422-2" } },
  });
});
