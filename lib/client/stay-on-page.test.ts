import { expect, test } from "vitest";

import { mayLeavePage, stayOnPage } from "./stay-on-page";

test("the page may be left when nothing holds it any more", () => {
  expect(mayLeavePage()).toBe(true);
  const first = stayOnPage();
  const second = stayOnPage();
  first();
  first();
  expect(mayLeavePage()).toBe(false);
  second();
  expect(mayLeavePage()).toBe(true);
});
