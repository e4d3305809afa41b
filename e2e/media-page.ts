import type { Locator, Page } from "@playwright/test";

import { expect, test as base } from "./fixtures";
import { openMediaOrigin, type MediaOrigin } from "./media-origin";
import type { TestUser } from "./tenant-maker";

export const ENDED_MS = 45_000;

/** With a server to link to, and a person of another tenant. */
export const mediaTest = base.extend<{
  origin: MediaOrigin;
  stranger: TestUser;
}>({
  stranger: async ({ make }, give) => {
    await give(await make("user", await make("tenant"), "editor"));
  },

  origin: async ({}, give) => {
    const origin = await openMediaOrigin();
    await give(origin);
    await origin.close();
  },
});

/** Pastes lines of cells on the page for links, and lets them be checked. */
export async function pasteLinks(page: Page, lines: string[][]): Promise<void> {
  await page.goto("/media?add=links");
  const box = page.getByRole("textbox", { name: "Links" });
  await isTakenOver(box);
  await box.fill(lines.map((cells) => cells.join("\t")).join("\n"));
  await page.getByRole("button", { name: /^Check \d/ }).click();
}

/** What is given before React has taken the page over is given to nobody. */
export async function isTakenOver(element: Locator): Promise<void> {
  await expect
    .poll(() =>
      element.evaluate((node) =>
        Object.keys(node).some((name) => name.startsWith("__reactProps")),
      ),
    )
    .toBe(true);
}

export async function sendLinks(
  page: Page,
  name: RegExp | string,
): Promise<void> {
  await page.getByRole("button", { name }).click();
  await expect(page).toHaveURL(/submission=/);
}

/** A row of a list of links or files, by a text in it. */
export const row = (page: Page, list: string, text: string | RegExp) =>
  page.getByRole("list", { name: list }).getByRole("listitem").filter({
    hasText: text,
  });
export const fileRow = (page: Page, text: string | RegExp) =>
  row(page, "Files of the submission", text);

export const ended = (page: Page, title: string) =>
  expect(page.getByText(title, { exact: true }).first()).toBeVisible({
    timeout: ENDED_MS,
  });
