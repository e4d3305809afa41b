import type { Page } from "@playwright/test";

/** All that the page holds where it can be read: its document with the fields, and every store of its origin. */
export async function readBrowserState(page: Page): Promise<string> {
  const cookies = await page.context().cookies();
  const held = await page.evaluate(async () => {
    const textOf = async (value: unknown): Promise<unknown> => {
      if (value instanceof Blob) return value.text();
      if (value instanceof ArrayBuffer) return new TextDecoder().decode(value);
      if (ArrayBuffer.isView(value)) return new TextDecoder().decode(value);
      if (Array.isArray(value)) return Promise.all(value.map(textOf));
      if (typeof value !== "object" || value === null) return value;
      const members = Object.entries(value).map(async ([name, member]) => [
        name,
        await textOf(member),
      ]);
      return Promise.all(members);
    };
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error("unread"));
      });
    const kept: unknown[] = [];
    for (const { name = "" } of await indexedDB.databases()) {
      const db = await done(indexedDB.open(name));
      for (const store of db.objectStoreNames) {
        const all = db.transaction(store).objectStore(store).getAll();
        kept.push([name, store, await textOf(await done(all))]);
      }
      db.close();
    }
    const fields = [...document.querySelectorAll("input, textarea")];
    return JSON.stringify({
      document: document.documentElement.outerHTML,
      fields: fields.map((field) => (field as HTMLInputElement).value),
      stores: [{ ...localStorage }, { ...sessionStorage }, kept],
      history: history.state as unknown,
      caches: await caches.keys(),
    });
  });
  const own = cookies.filter(({ name }) => !name.includes("session-token"));
  return held + JSON.stringify(own);
}

/** Every text on the heap of the page: what no store and no element shows. */
export async function readHeap(page: Page): Promise<string> {
  const devtools = await page.context().newCDPSession(page);
  const chunks: string[] = [];
  devtools.on("HeapProfiler.addHeapSnapshotChunk", ({ chunk }) => {
    chunks.push(chunk);
  });
  await devtools.send("HeapProfiler.takeHeapSnapshot", {
    reportProgress: false,
  });
  await devtools.detach();
  return chunks.join("");
}
