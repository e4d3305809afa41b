import { describe, expect, test } from "vitest";

import { findLookAlikes } from "./look-alikes";

describe("findLookAlikes", () => {
  test("finds ids that differ only in case", () => {
    expect(findLookAlikes(["color", "Color", "size"])).toEqual(
      new Map([
        ["color", [{ id: "Color", differsBy: "case" }]],
        ["Color", [{ id: "color", differsBy: "case" }]],
      ]),
    );
  });

  test("finds ids that differ by - and _, also together with case", () => {
    const found = findLookAlikes(["item-no", "item_no", "ItemNo"]);
    expect(found.get("ItemNo")).toEqual([
      { id: "item-no", differsBy: "both" },
      { id: "item_no", differsBy: "both" },
    ]);
    expect(found.get("item-no")?.[0]).toEqual({
      id: "item_no",
      differsBy: "separators",
    });
    expect(found.size).toBe(3);
  });

  test("takes ids of separators only, and prototype names, as they are", () => {
    expect(findLookAlikes(["-", "_", "--"]).size).toBe(0);
    expect(findLookAlikes(["__proto__", "constructor"]).size).toBe(0);
    expect(findLookAlikes(["__proto__", "proto"]).get("proto")).toEqual([
      { id: "__proto__", differsBy: "separators" },
    ]);
  });
});
