import fc from "fast-check";
import { expect, test } from "vitest";

import {
  contentPx,
  ROW_PX,
  scrollTopAt,
  topRowAfter,
  topRowAt,
  topRowMax,
  topRowToShow,
} from "./row-scroll";

const MILLION = { rows: 1_000_000, viewPx: 600 };

test("a million rows fit into what browsers can scroll, and the last row can be reached", () => {
  expect(contentPx(MILLION)).toBe(8_000_000);
  const end = contentPx(MILLION) - MILLION.viewPx;
  expect(topRowAt(MILLION, end) + MILLION.viewPx / ROW_PX).toBeCloseTo(1e6, 6);
  expect(topRowAt(MILLION, 0)).toBe(0);
});

test("a table that fits scrolls pixel by pixel", () => {
  const scroll = { rows: 1_000, viewPx: 600 };
  expect(topRowAt(scroll, 340)).toBeCloseTo(10);
  expect(topRowAfter(scroll, 0, 0, 68)).toBeCloseTo(2);
});

test("the wheel moves a million rows by as many pixels as it says, a drag to where the bar is", () => {
  const from = scrollTopAt(MILLION, 500_000);
  expect(topRowAfter(MILLION, 500_000, from, from + 102)).toBeCloseTo(500_003);
  expect(topRowAfter(MILLION, 500_000, from, 0)).toBe(0);
  const far = topRowAfter(MILLION, 500_000, from, from + 100_000);
  expect(far).toBeCloseTo(topRowAt(MILLION, from + 100_000));
});

test("every row can be shown whole, whatever is at the upper edge", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2_000_000 }),
      fc.integer({ min: 100, max: 2_000 }),
      fc.nat(),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (rows, viewPx, wanted, share) => {
        const scroll = { rows, viewPx };
        const row = wanted % rows;
        const top = topRowToShow(scroll, share * topRowMax(scroll), row);
        expect(row).toBeGreaterThanOrEqual(top - 1e-6);
        expect(row + 1).toBeLessThanOrEqual(top + viewPx / ROW_PX + 1e-6);
        // And the scroll bar brings it back there.
        expect(topRowAt(scroll, scrollTopAt(scroll, top))).toBeCloseTo(top, 4);
      },
    ),
  );
});
