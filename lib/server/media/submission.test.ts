import { randomUUID } from "node:crypto";

import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  test,
} from "vitest";

import {
  submissionOwner,
  type LinkBatch,
  type LinkToSend,
  type SubmissionSummary,
} from "@/lib/domain/media-page";
import type { Context } from "@/lib/server/context";
import type { Db } from "@/lib/server/db/client";
import { createTestDb } from "@/lib/testing/db";
import { createTenant, userContext } from "@/lib/testing/factories";

import { readMediaPage } from "./media-page";
import { cancelMediaFiles, findByIdentifiers } from "./service";
import { listSubmissions } from "./submission-list";
import { submissionChanges, submitBatch as submitAs } from "./submission";

let testDb: Awaited<ReturnType<typeof createTestDb>>;
let db: Db;
let editor: Context;
let viewer: Context;

beforeAll(async () => {
  testDb = await createTestDb();
  db = testDb.db;
});
afterAll(() => testDb.close());

beforeEach(async () => {
  const tenantId = await createTenant(db);
  editor = userContext(db, tenantId, "editor");
  viewer = userContext(db, tenantId, "viewer");
});

const link = (
  position: number,
  uniqueIdentifier: string | null = null,
  replaces: string | null = null,
): LinkToSend => ({
  ...{ position, uniqueIdentifier, replaces },
  link: `https://files.example/${position}.jpg`,
  filename: `${position}.jpg`,
});

/** As the browser of `ctx` sends its own links. */
const submitBatch = (
  ctx: Context,
  batch: Omit<LinkBatch, "owner" | "total"> & { total?: number },
) =>
  submitAs(ctx, {
    total: 10_000,
    ...batch,
    owner: submissionOwner(ctx.tenantId, ctx.actor.id),
  });

const all = (ctx: Context, submissionId: string) =>
  submissionChanges(ctx, submissionId, null);

describe("submitBatch", () => {
  test("stores nothing twice when the same batch is sent again, also at the same time", async () => {
    const submissionId = randomUUID();
    const links = [link(0), link(1, "A"), link(2)];
    const batch = { submissionId, links };
    await Promise.all([submitBatch(editor, batch), submitBatch(editor, batch)]);
    expect(await submitBatch(editor, batch)).toEqual({ refused: [] });
    const { files, total } = await all(viewer, submissionId);
    expect(total).toBe(3);
    expect(files.map(({ filename }) => filename)).toEqual([
      ...["0.jpg", "1.jpg", "2.jpg"],
    ]);
  });

  test("keeps the places of links in the order of their ids, batch after batch", async () => {
    const submissionId = randomUUID();
    const places = [260, 3, 255, 9_999, 0];
    for (const position of places) {
      await submitBatch(editor, { submissionId, links: [link(position)] });
    }
    const { files } = await all(viewer, submissionId);
    expect(files.map(({ filename }) => filename)).toEqual([
      ...["0.jpg", "3.jpg", "255.jpg", "260.jpg", "9999.jpg"],
    ]);
  });

  test("refuses a link whose identifier is taken, by its place, and takes the others", async () => {
    await submitBatch(editor, {
      submissionId: randomUUID(),
      links: [link(0, "A")],
    });
    const submissionId = randomUUID();
    const { refused } = await submitBatch(editor, {
      submissionId,
      links: [link(50), link(51, "A"), link(52)],
    });
    expect(refused.map(({ position }) => position)).toEqual([51]);
    expect(refused[0]?.message).toContain('"A" already exists');
    expect((await all(viewer, submissionId)).total).toBe(2);
  });

  test("deletes the file that is replaced, once", async () => {
    const first = { submissionId: randomUUID(), links: [link(0, "A")] };
    await submitBatch(editor, first);
    const old = (await findByIdentifiers(editor, ["A"])).get("A");
    const batch = {
      submissionId: randomUUID(),
      links: [link(0, "A", old?.id ?? null)],
    };
    await submitBatch(editor, batch);
    const replaced = (await findByIdentifiers(editor, ["A"])).get("A");
    expect(replaced?.id).not.toBe(old?.id);
    expect(await submitBatch(editor, batch)).toEqual({ refused: [] });
    expect((await findByIdentifiers(editor, ["A"])).get("A")?.id).toBe(
      replaced?.id,
    );
  });

  test("deletes nothing of another tenant", async () => {
    const other = userContext(db, await createTenant(db), "editor");
    await submitBatch(other, {
      submissionId: randomUUID(),
      links: [link(0, "A")],
    });
    const theirs = (await findByIdentifiers(other, ["A"])).get("A");
    await submitBatch(editor, {
      submissionId: randomUUID(),
      links: [link(0, "A", theirs?.id ?? null)],
    });
    expect((await findByIdentifiers(other, ["A"])).get("A")?.id).toBe(
      theirs?.id,
    );
  });

  test("lets a viewer watch but not send", async () => {
    const submissionId = randomUUID();
    const batch = { submissionId, links: [link(0)] };
    await expect(submitBatch(viewer, batch)).rejects.toMatchObject({
      code: "forbidden",
    });
    expect((await all(viewer, submissionId)).total).toBe(0);
  });
});

describe("links of another person", () => {
  test("are taken neither from a colleague nor from another tenant's user", async () => {
    const submissionId = randomUUID();
    const links = [link(0)];
    for (const other of [
      userContext(db, editor.tenantId, "editor"),
      userContext(db, await createTenant(db), "editor"),
    ]) {
      const owner = submissionOwner(editor.tenantId, editor.actor.id);
      await expect(
        submitAs(other, { submissionId, owner, links, total: 1 }),
      ).rejects.toMatchObject({ code: "forbidden" });
      expect((await all(other, submissionId)).total).toBe(0);
    }
  });
});

describe("submissionChanges", () => {
  test("tells only what has changed since, and the number of all", async () => {
    const submissionId = randomUUID();
    const links = [link(0), link(1), link(2)];
    await submitBatch(editor, { submissionId, links });
    // Older than what is told once more to be sure.
    await db.rows(
      `update media_files set updated_at = now() - interval '1 minute'
       where tenant_id = $1 and submission_id = $2`,
      [editor.tenantId, submissionId],
    );
    const before = await all(viewer, submissionId);
    const [, second] = before.files;
    await cancelMediaFiles(editor, [second?.id ?? ""]);
    const after = await submissionChanges(viewer, submissionId, before.until);
    expect(after.files.map(({ id, state }) => [id, state])).toEqual([
      [second?.id, "cancelled"],
    ]);
    expect(after.total).toBe(3);
  });

  test("tells another tenant nothing", async () => {
    const submissionId = randomUUID();
    await submitBatch(editor, { submissionId, links: [link(0)] });
    const other = userContext(db, await createTenant(db), "viewer");
    expect(await all(other, submissionId)).toMatchObject({
      files: [],
      total: 0,
    });
  });
});

describe("a submission's announcement", () => {
  test("tells how many links are to come, and counts a batch that comes twice once", async () => {
    await submitBatch(editor, {
      ...{ submissionId: randomUUID(), links: [link(0, "A")] },
    });
    const submissionId = randomUUID();
    const first = { submissionId, total: 3, links: [link(0), link(1, "A")] };
    await submitBatch(editor, first);
    await submitBatch(editor, first);
    expect((await all(viewer, submissionId)).submission).toMatchObject({
      ...{ links: 3, answered: 2, refused: 1, isSending: true },
    });
    await submitBatch(editor, { submissionId, total: 3, links: [link(2)] });
    await submitBatch(editor, first);
    expect((await all(viewer, submissionId)).submission).toMatchObject({
      ...{ links: 3, answered: 3, refused: 1, isSending: false },
    });
  });

  test("says that nothing is sent once its browser was silent for a minute", async () => {
    const submissionId = randomUUID();
    await submitBatch(editor, { submissionId, total: 9, links: [link(0)] });
    await db.rows(
      `update media_submissions set updated_at = now() - interval '61 seconds'
       where tenant_id = $1 and id = $2`,
      [editor.tenantId, submissionId],
    );
    expect((await all(viewer, submissionId)).submission).toMatchObject({
      ...{ answered: 1, isSending: false },
    });
  });
});

describe("listSubmissions", () => {
  test("leads through all submissions, newest first, each once, with the states of its files", async () => {
    const sent = Array.from({ length: 45 }, () => randomUUID());
    for (const submissionId of sent) {
      await submitBatch(editor, {
        ...{ submissionId, total: 2, links: [link(0), link(1)] },
      });
    }
    const { files } = await all(viewer, sent.at(-1) ?? "");
    await cancelMediaFiles(editor, [files[0]?.id ?? ""]);
    // Several of one moment, as a script may make them.
    await db.rows(
      `update media_submissions set created_at = '2026-01-02T03:04:05.678Z'
       where tenant_id = $1 and id = any($2)`,
      [editor.tenantId, sent.slice(0, 30)],
    );
    const seen: SubmissionSummary[] = [];
    let after: string | null = null;
    do {
      const page = await listSubmissions(viewer, after);
      seen.push(...page.submissions);
      after = page.next;
    } while (after !== null);
    expect(seen.map(({ id }) => id).toSorted()).toEqual(sent.toSorted());
    expect(seen[0]).toMatchObject({
      ...{ id: sent.at(-1), actorName: editor.actor.name, links: 2 },
      ...{ answered: 2, refused: 0 },
      files: {
        ...{ created: 1, cancelled: 1, completed: 0, failed: 0, progress: 0 },
      },
    });
  });

  test("tells another tenant nothing", async () => {
    await submitBatch(editor, {
      ...{ submissionId: randomUUID(), links: [link(0)] },
    });
    const other = userContext(db, await createTenant(db), "viewer");
    expect(await listSubmissions(other, null)).toEqual({
      ...{ submissions: [], next: null },
    });
  });

  test("refuses a place that is none", async () => {
    await expect(listSubmissions(viewer, "nonsense")).rejects.toMatchObject({
      code: "invalid_input",
    });
  });
});

describe("readMediaPage", () => {
  const query = {
    endpoint: null,
    ...{ text: "", type: null, state: null, submissionId: null },
    ...{ after: null, rows: 2 },
  };

  test("leads through all files, each once", async () => {
    const submissionId = randomUUID();
    const links = [0, 1, 2, 3, 4].map((position) => link(position));
    await submitBatch(editor, { submissionId, links });
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page = await readMediaPage(viewer, { ...query, after });
      seen.push(...page.files.map(({ filename }) => filename));
      after = page.next;
    } while (after !== null);
    expect(seen.toSorted()).toEqual([
      ...["0.jpg", "1.jpg", "2.jpg", "3.jpg", "4.jpg"],
    ]);
  });

  test("refuses a cursor that is none", async () => {
    await expect(
      readMediaPage(viewer, { ...query, after: "nonsense" }),
    ).rejects.toMatchObject({ code: "invalid_input" });
  });
});
