import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { expectAccessible } from "./expect-accessible";
import { expect, test } from "./fixtures";

const run = promisify(execFile);

const PROGRAMS = [
  { tab: "JavaScript", file: "push.mjs", command: process.execPath },
  { tab: "curl", file: "push.sh", command: "bash", needs: "curl" },
  { tab: "Python", file: "push.py", command: "python3", needs: "python3" },
];

test("the programs that the page shows run as they stand", async ({
  page,
  source,
  ingest,
}) => {
  const dir = await mkdtemp(join(tmpdir(), "push-snippets-"));
  await page.goto(`/sources/${source.id}/push`);
  await expect(page.getByLabel("Provider")).toHaveValue(
    ingest.provider.provider.id,
  );
  await expectAccessible(page);

  for (const { tab, file, command, needs } of PROGRAMS) {
    await page.getByRole("tab", { name: tab }).click();
    const code = await page.getByRole("tabpanel").innerText();
    expect(code).toContain("PASTE-THE-SECRET-HERE");
    const filled = code.replace(
      "PASTE-THE-SECRET-HERE",
      ingest.provider.secret,
    );
    const path = join(dir, file);
    await writeFile(path, filled);
    if (needs && !(await isInstalled(needs))) {
      test.info().annotations.push({ type: "not tried", description: needs });
      continue;
    }
    const { stdout } = await run(command, [path]);
    expect(stdout, tab).toContain("202");
  }
  await rm(dir, { recursive: true });

  await page.getByRole("tab", { name: "C#" }).click();
  await expect(page.getByRole("tabpanel")).toContainText(
    `import/${source.identifier}`,
  );
  await page.goto(`/sources/${source.id}`);
  await expect(page.getByRole("row", { name: /^name / })).toContainText("sv");
  await expect(page.getByText("1 entry")).toBeVisible();
});

async function isInstalled(program: string): Promise<boolean> {
  return run(program, ["--version"]).then(
    () => true,
    () => false,
  );
}

test("without a provider the page says what to do first", async ({
  page,
  source,
}) => {
  await page.goto(`/sources/${source.id}/push`);
  await expect(
    page.getByText("No provider may push into this source yet."),
  ).toBeVisible();
  await expect(page.getByRole("tabpanel")).toContainText(
    "PASTE-THE-PROVIDER-ID-HERE",
  );
  await expectAccessible(page);
});
