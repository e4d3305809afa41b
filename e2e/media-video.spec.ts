import type { Page } from "@playwright/test";

import { expect } from "./fixtures";
import { ENDED_MS, isTakenOver, mediaTest as test, row } from "./media-page";

test("an uploaded video plays in its details", async ({ page }) => {
  await page.goto("/media?add=files");
  const input = page.getByLabel("Files to upload", { exact: true });
  await isTakenOver(input);
  await input.setInputFiles({
    ...{ name: "film.mp4", mimeType: "video/mp4" },
    buffer: await recordMp4(page),
  });
  await page.getByRole("button", { name: "Upload 1 file" }).click();
  const upload = row(page, "Uploads", "film.mp4");
  await expect(upload).toContainText("Done", { timeout: ENDED_MS });
  await upload.getByRole("link", { name: "film.mp4" }).click();
  const sheet = page.getByRole("dialog", { name: "film.mp4" });
  await expect(sheet).toContainText("video/mp4");
  await expect(sheet).toContainText("16:9");
  const video = sheet.locator("video");
  await expect(video).toHaveJSProperty("readyState", 4);
  await expect(video).toHaveJSProperty("videoWidth", 320);
  await video.evaluate((player: HTMLVideoElement) => {
    player.muted = true;
    return player.play();
  });
  await expect(video).toHaveJSProperty("ended", true);
});

/** About a second of changing colours, made by the browser itself. */
async function recordMp4(page: Page): Promise<Buffer> {
  const base64 = await page.evaluate(async () => {
    const canvas = document.createElement("canvas");
    canvas.width = 320;
    canvas.height = 180;
    const pen = canvas.getContext("2d");
    const mimeType = "video/mp4";
    const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType });
    const parts: Blob[] = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const stopped = new Promise((resolve) => (recorder.onstop = resolve));
    recorder.start();
    for (let frame = 0; frame < 20; frame += 1) {
      if (pen) pen.fillStyle = `hsl(${frame * 18} 80% 50%)`;
      pen?.fillRect(0, 0, canvas.width, canvas.height);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    recorder.stop();
    await stopped;
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
    return btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(""));
  });
  return Buffer.from(base64, "base64");
}
