import type { Page } from "@playwright/test";

import { readSharedBytes } from "@/lib/testing/shared-data";

import { expect, INGEST_URL, test } from "./fixtures";

/** What a script of a file's would do, by any of its ways: a dialog, a line in the console, a request. */
const RUN = "console.log('script ran');alert('script ran')";
const CANARY = "/script-ran";

const ACTIVE_FILES: [name: string, content: string][] = [
  [
    "logo.svg",
    `<svg xmlns="http://www.w3.org/2000/svg" onload="${RUN}"><script>${RUN}</script><image href="${CANARY}"/></svg>`,
  ],
  [
    "photo.png",
    `<!doctype html><img src="${CANARY}" onerror="${RUN}"><script>${RUN}</script>`,
  ],
  [
    "page.xhtml",
    `<html xmlns="http://www.w3.org/1999/xhtml"><script>${RUN}</script></html>`,
  ],
  [
    "feed.xml",
    `<?xml version="1.0"?><x:script xmlns:x="http://www.w3.org/1999/xhtml">${RUN}</x:script>`,
  ],
  ["x.js", RUN],
  // A GIF to a careless eye, a script to a script element.
  ["polyglot.gif", `GIF89a/*\x01\x00\x01\x00*/=1;${RUN}`],
];

const HOSTILE_FILES = [
  "10-gif-js-polyglot.gif",
  "14-svg-xxe.svg",
  "15-svg-external-image.svg",
  "18-svg-huge.svg",
  "21-pdf-js.pdf",
];

test("files with scripts in them are saved, not run, wherever they are put", async ({
  tenant,
  page,
}) => {
  const files: [string, Buffer][] = [
    ...ACTIVE_FILES.map(([name, text]): [string, Buffer] => [
      name,
      Buffer.from(text, "latin1"),
    ]),
    ...HOSTILE_FILES.map((name): [string, Buffer] => [
      name,
      readSharedBytes(`hostile/media/${name}`),
    ]),
  ];
  const ran = watchScripts(page);
  await page.setContent(
    `<script>${RUN}</script><img src="${INGEST_URL}${CANARY}">`,
  );
  // Or this test would see nothing whatever happens.
  await expect(() => expect(ran).toHaveLength(3)).toPass();
  ran.length = 0;

  for (const [name, content] of files) {
    const url = await tenant.createMediaFile(name, content);

    // By its address, in a tab of its own.
    const downloading = page.waitForEvent("download");
    await page.goto(url).catch(() => undefined);
    const download = await downloading;
    expect(download.suggestedFilename(), name).toBe(name);
    await download.cancel();

    // In a page of the same origin, which nothing but the file's headers protects.
    await page.route(`${INGEST_URL}/page`, (route) =>
      route.fulfill({
        contentType: "text/html",
        body: `<title>${name}</title><img src="${url}">
          <script src="${url}"></script><script type="module" src="${url}"></script>
          <object data="${url}"></object><embed src="${url}">
          <link rel="stylesheet" href="${url}"><iframe src="${url}"></iframe>`,
      }),
    );
    await page.goto(`${INGEST_URL}/page`, { waitUntil: "load" });
    await expect(page).toHaveTitle(name);
    expect(ran, name).toEqual([]);
  }
});

test("a picture opens in the browser, whole and small", async ({
  tenant,
  page,
}) => {
  const url = await tenant.createMediaFile(
    "control.png",
    readSharedBytes("hostile/media/00-control.png"),
  );
  for (const address of [url, `${url}?impolicy=small`]) {
    await page.goto(address);
    const picture = page.locator("img");
    await expect(picture).toHaveJSProperty("complete", true);
    await expect(picture).toHaveJSProperty("naturalWidth", 16);
  }
});

test("a video plays when it is opened by its address", async ({
  tenant,
  page,
}) => {
  const url = await tenant.createMediaFile("clip.webm", await record(page));
  await page.goto(url);
  const video = page.locator("video");
  await expect(video).toHaveJSProperty("readyState", 4);
  await expect(video).toHaveJSProperty("videoWidth", 64);
});

function watchScripts(page: Page): string[] {
  const ran: string[] = [];
  page.on("dialog", (dialog) => {
    ran.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (line) => {
    if (line.text() === "script ran") ran.push("console");
  });
  page.on("request", (request) => {
    if (request.url().includes(CANARY)) ran.push(request.url());
    if (request.url().startsWith("file:")) ran.push(request.url());
  });
  return ran;
}

/** A short video, as the browser itself records one. */
async function record(page: Page): Promise<Buffer> {
  const base64 = await page.evaluate(async () => {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: 64, height: 36 });
    document.body.append(canvas);
    const context = canvas.getContext("2d");
    const recorder = new MediaRecorder(canvas.captureStream(25), {
      mimeType: "video/webm",
    });
    const parts: Blob[] = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const stopped = new Promise((resolve) => (recorder.onstop = resolve));
    recorder.start();
    for (let frame = 0; frame < 15; frame += 1) {
      if (context) context.fillStyle = `hsl(${frame * 20} 80% 50%)`;
      context?.fillRect(0, 0, 64, 36);
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    recorder.stop();
    await stopped;
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
    return btoa(String.fromCharCode(...bytes));
  });
  return Buffer.from(base64, "base64");
}
