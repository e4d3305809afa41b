import { describe, expect, test } from "vitest";

import {
  mayPass,
  REMOTE_OUTCOMES,
  type RemoteOutcome,
} from "@/lib/domain/remote-answer";

import {
  batchStateText,
  deliverySentence,
  heldTitle,
  sentSentence,
} from "./delivery";

const place = { host: "ingest.example.com", endpointName: "Occtoo" };
const sentenceOf = (outcome: RemoteOutcome, status: number | null = null) =>
  deliverySentence(
    { outcome, status, requestId: null, excerpt: "", ms: 1 },
    place,
    "products",
  );

describe("the sentence of a delivery", () => {
  test.each(REMOTE_OUTCOMES)("names the place after %s", (outcome) => {
    const sentence = sentenceOf(outcome);
    expect(sentence).toMatch(/ingest\.example\.com|“Occtoo”/);
    expect(sentence).toMatch(/^[^{}]+\.$/);
  });

  test.each(REMOTE_OUTCOMES)("says how it goes on after %s", (outcome) => {
    const isOver = ["accepted", "content", "too_large"].includes(outcome);
    if (isOver) return;
    expect(sentenceOf(outcome)).toMatch(
      mayPass(outcome) ? /again by itself/ : /press “Send again now”/,
    );
  });

  test("quotes what the other side said, and nothing where it said nothing", () => {
    expect(sentenceOf("server", 503)).toMatch(/It answered with status 503\.$/);
    const said = { outcome: "server" as const, status: 503, requestId: null };
    expect(
      deliverySentence({ ...said, excerpt: "Down {host}", ms: 1 }, place, "p"),
    ).toMatch(/status 503 and says: “Down \{host\}”\.$/);
  });

  test("puts names in as they are", () => {
    const odd = { host: "$& $1 {source}", endpointName: "$'" };
    const answer = {
      ...{ outcome: "not_granted" as const, status: null },
      ...{ requestId: null, excerpt: "", ms: 1 },
    };
    expect(deliverySentence(answer, odd, "x")).toMatch(
      /^\$& \$1 \{source\} does not know the source “x”/,
    );
  });
});

test("who has to do something is named in the title and in the list", () => {
  expect(heldTitle("not_allowed")).toMatch(/waits for the operator$/);
  expect(heldTitle("credentials")).toMatch(/waits for an administrator$/);
  expect(heldTitle("not_granted")).toMatch(/waits for the other side$/);
  const answer = {
    ...{ outcome: "not_allowed" as const, status: null },
    ...{ requestId: null, excerpt: "", ms: 1 },
  };
  expect(batchStateText({ state: "held", aside: 0, answer })).toBe(
    "Waits for the operator",
  );
});

test("nothing is called accepted before something was, or when something was refused", () => {
  const said = (batches: number, aside: number) =>
    sentSentence("Occtoo", { batches, aside });
  expect(said(0, 0)).toBe("Nothing has been handed over for Occtoo yet.");
  expect(said(2, 0)).toMatch(/^Occtoo has accepted everything/);
  expect(said(2, 1)).toMatch(/accepted all but 1 entry, which is set aside\.$/);
});
