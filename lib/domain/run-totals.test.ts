import fc from "fast-check";
import { expect, test } from "vitest";

import { chainTotals, runTotals, type RunTotals } from "./run-totals";

const count = fc.nat(1_000);

/** A run of which something is rejected, refused, blank, merged and not sent yet. */
const run = fc
  .record({
    ...{ sent: count, asideOne: count, asideMerged: count, unsent: count },
    ...{ merged: count, rejected: count, blank: count, unchanged: count },
  })
  .map((rows) => {
    const { sent, asideOne, asideMerged, unsent } = rows;
    const entities = sent + asideOne + asideMerged + unsent;
    const rowsMerged = rows.merged + asideMerged;
    return {
      check: {
        ...{ entities, rowsMerged, rowsRejected: rows.rejected },
        rowsBlank: rows.blank,
        rowsUnchanged: rows.unchanged,
        rowsRead:
          entities + rowsMerged + rows.rejected + rows.blank + rows.unchanged,
      },
      applied: {
        entities: entities - unsent,
        aside: asideOne + asideMerged,
        // Half of them were made of two rows.
        asideRows: asideOne + 2 * asideMerged,
      },
    };
  });

const sumOf = ({ read: _, ...parts }: RunTotals) =>
  parts.sent +
  parts.merged +
  parts.rejected +
  parts.blank +
  parts.unchanged +
  parts.unsent;

test("the rows read are the sum of where they went, with entries set aside and batches not sent", () => {
  fc.assert(
    fc.property(run, (one) => {
      const totals = runTotals(one);
      expect(sumOf(totals)).toBe(totals.read);
      expect(Math.min(...Object.values(totals))).toBeGreaterThanOrEqual(0);
    }),
  );
});

test("a chain of runs ties out however many rows were dropped again, left out or added", () => {
  fc.assert(
    fc.property(run, fc.array(run, { maxLength: 4 }), (first, later) => {
      const totals = chainTotals(runTotals(first), later.map(runTotals));
      expect(sumOf(totals)).toBe(totals.read + totals.added);
      expect(Math.min(...Object.values(totals))).toBeGreaterThanOrEqual(0);
    }),
  );
});

test("rows that were corrected and dropped again are no longer rejected", () => {
  const totals = (read: number, sent: number): RunTotals => ({
    ...{ read, sent, rejected: read - sent },
    ...{ merged: 0, blank: 0, unchanged: 0, unsent: 0 },
  });
  const joint = chainTotals(totals(100, 88), [totals(12, 10), totals(2, 2)]);
  expect(joint).toMatchObject({ read: 100, sent: 100, rejected: 0, added: 0 });
  // Two of the twelve were thrown away instead of corrected.
  const left = chainTotals(totals(100, 88), [totals(10, 10)]);
  expect(left).toMatchObject({ read: 100, sent: 98, rejected: 2 });
});
