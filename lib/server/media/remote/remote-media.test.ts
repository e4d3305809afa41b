import { randomUUID } from "node:crypto";

import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  test,
  vi,
} from "vitest";

import { AppError } from "@/lib/domain/errors";
import type { MediaFile } from "@/lib/domain/media";
import {
  submissionOwner,
  type LinkToSend,
  type RefusedLink,
} from "@/lib/domain/media-page";
import type { Context } from "@/lib/server/context";
import type { Db } from "@/lib/server/db/client";
import { createRemoteClient } from "@/lib/server/endpoints/remote-client";
import { createEndpoint, deleteEndpoint } from "@/lib/server/endpoints/service";
import {
  createOutboundRules,
  parseAddressList,
  parsePortList,
} from "@/lib/server/outbound/address-rules";
import { createOutboundAgent } from "@/lib/server/outbound/connector";
import { createTestDb } from "@/lib/testing/db";
import { createTenant, userContext } from "@/lib/testing/factories";
import { startMediaApi } from "@/lib/testing/media-api";

import { listSubmissions } from "@/lib/server/media/submission-list";
import { readMediaPage } from "@/lib/server/media/media-page";
import { submissionChanges, submitBatch } from "@/lib/server/media/submission";
import {
  cancelRemoteFiles,
  findRemoteFile,
  findTakenThere,
  retryRemoteFiles,
} from "./service";
import { takeTurn } from "./take-turn";
import { remoteMediaJob } from "./job";
import { claimTurn, renewTurns } from "./turn-store";

const SECRET = "s3cret-that-must-not-come-back";
const rules = createOutboundRules({
  allow: parseAddressList("127.0.0.1"),
  deny: parseAddressList(""),
  ports: parsePortList("1-65535"),
});
const deps = { rules, agent: createOutboundAgent({ rules }) };

let testDb: Awaited<ReturnType<typeof createTestDb>>;
let db: Db;
let editor: Context;
let admin: Context;
let endpointId: string;
let api: Awaited<ReturnType<typeof startMediaApi>>;
let client: ReturnType<typeof createRemoteClient>;
let now: Date;

beforeAll(async () => {
  testDb = await createTestDb();
  db = testDb.db;
});
afterAll(() => testDb.close());
beforeEach(async () => {
  await db.rows("delete from remote_files");
  await db.rows("delete from endpoint_hosts");
  api = await startMediaApi();
  now = new Date();
  const tenantId = await createTenant(db);
  admin = userContext(db, tenantId, "admin");
  editor = userContext(db, tenantId, "editor");
  endpointId = (await addEndpoint(admin)).id;
  client = createRemoteClient(
    { baseUrl: api.url, providerId: "p", secret: () => SECRET },
    deps,
  );
});
afterEach(() => api.close());

function addEndpoint(ctx: Context) {
  return createEndpoint(ctx, {
    ...{ name: "Elsewhere", url: api.url, providerId: "p" },
    ...{ secret: SECRET, sources: [] },
  });
}

const link = (
  position: number,
  more: Partial<LinkToSend> = {},
): LinkToSend => ({
  ...{ position, uniqueIdentifier: `id-${position}`, replaces: null },
  link: `https://files.example/${position}.jpg`,
  filename: `${position}.jpg`,
  ...more,
});

async function submit(
  links: LinkToSend[],
  {
    ctx = editor,
    id = randomUUID(),
    to = endpointId,
  }: { ctx?: Context; id?: string; to?: string } = {},
): Promise<{ id: string; refused: RefusedLink[] }> {
  const refused: RefusedLink[] = [];
  for (let at = 0; at < links.length; at += 50) {
    const answer = await submitBatch(ctx, {
      ...{ submissionId: id, endpointId: to, total: links.length },
      owner: submissionOwner(ctx.tenantId, ctx.actor.id),
      links: links.slice(at, at + 50),
    });
    refused.push(...answer.refused);
  }
  return { id, refused };
}

const range = (count: number) => Array.from({ length: count }, (_, at) => at);

function takeClaimed(turn: NonNullable<Awaited<ReturnType<typeof claimTurn>>>) {
  return takeTurn(db, turn, {
    signal: new AbortController().signal,
    ...{ clientOf: () => Promise.resolve(client), now: () => now },
  });
}

/** Lets all waits be over, then takes what is due, until nothing is or the rounds are. */
async function work(rounds = 100): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    await db.rows(
      `update remote_files set due_at = now() where lease_id is null`,
    );
    await db.rows(
      `update endpoint_hosts set rests_until = null, probe_until = null`,
    );
    const turn = await claimTurn(db);
    if (!turn) return;
    await takeClaimed(turn);
  }
}

async function filesOf(id: string, ctx = editor): Promise<MediaFile[]> {
  return (await submissionChanges(ctx, id, null)).files;
}

async function statesOf(id: string): Promise<string[]> {
  return (await filesOf(id)).map(({ state }) => state);
}

describe("links for an endpoint", () => {
  test("are sent 50 a request and are there in the end, with the endpoint's id and address", async () => {
    const { id } = await submit(range(120).map((at) => link(at)));
    expect(await statesOf(id)).toEqual(range(120).map(() => "created"));
    await work();
    expect(api.sent()).toEqual([50, 50, 20]);
    const files = await filesOf(id);
    expect(files.map(({ state }) => state)).toEqual(
      range(120).map(() => "completed"),
    );
    const there = api.files.get("id-7");
    expect(files[7]).toMatchObject({
      ...{ uniqueIdentifier: "id-7", sizeBytes: 100, mimeType: "image/jpeg" },
      publicUrl: "",
      remote: {
        ...{ endpointName: "Elsewhere", fileId: there?.id, note: null },
        publicUrl: `https://media.example/${there?.id}`,
      },
    });
    const question = {
      ...{ text: "", type: null, state: null, submissionId: null, rows: 100 },
      endpoint: endpointId,
    };
    const page = await readMediaPage(editor, { ...question, after: null });
    const rest = await readMediaPage(editor, { ...question, after: page.next });
    expect([...page.files, ...rest.files]).toHaveLength(120);
    const found = await readMediaPage(editor, {
      ...{ ...question, after: null, text: "ID-11" },
      type: "image",
    });
    expect(found.files.map((file) => file.uniqueIdentifier).sort()).toEqual(
      ["id-11", ...range(10).map((at) => `id-11${at}`)].sort(),
    );
    const own = { ...question, after: null, endpoint: null };
    expect((await readMediaPage(editor, own)).files).toEqual([]);
    expect((await listSubmissions(editor, null)).submissions).toMatchObject([
      {
        ...{ id, links: 120, files: { completed: 120, failed: 0 } },
        endpoint: { id: endpointId, name: "Elsewhere" },
      },
    ]);
  });

  test("that are refused fail with the endpoint's words, and the others go through", async () => {
    api.refuses.set(link(1).link, "<b>No</b>\nsuch thing");
    const { id } = await submit(range(3).map((at) => link(at)));
    await work();
    const files = await filesOf(id);
    expect(files.map(({ state }) => state)).toEqual([
      ...["completed", "failed", "completed"],
    ]);
    expect(files[1]?.remote?.note).toEqual({
      ...{ is: "refused", text: "<b>No</b> such thing" },
    });
  });

  test("are halved after a 400 until the one is alone that it is about", async () => {
    api.twist = ({ body }) =>
      body.links?.some((one) => one.link.endsWith("/13.jpg"))
        ? { status: 400, body: { errors: [{ message: "13 is odd" }] } }
        : undefined;
    const { id } = await submit(range(50).map((at) => link(at)));
    await work();
    const failed = (await filesOf(id)).filter(
      ({ state }) => state === "failed",
    );
    expect(failed.map(({ filename }) => filename)).toEqual(["13.jpg"]);
    expect(JSON.stringify(failed[0]?.remote?.note)).toContain("13 is odd");
    expect(api.files.size).toBe(49);
  });

  test("say which file has their unique identifier already, and leave that file alone", async () => {
    await submit([link(0)]);
    await work();
    const before = api.files.get("id-0");
    const { id } = await submit([link(0, { link: "https://files.example/n" })]);
    await work();
    const [file] = await filesOf(id);
    expect(file).toMatchObject({
      state: "failed",
      remote: {
        note: {
          ...{ is: "taken", fileId: before?.id },
          publicUrl: `https://media.example/${before?.id}`,
        },
      },
    });
    expect(api.files.get("id-0")).toBe(before);
    expect(
      await findTakenThere(editor, endpointId, ["id-0", "id-1"], () =>
        Promise.resolve(client),
      ),
    ).toEqual(
      new Map([
        [
          "id-0",
          {
            ...{ id: before?.id, filename: "there.jpg" },
            publicUrl: `https://media.example/${before?.id}`,
          },
        ],
      ]),
    );
  });

  test("replace the file that a person saw, once, and it is noted who did", async () => {
    await submit([link(0)]);
    await work();
    const before = api.files.get("id-0")?.id ?? "";
    let isFirst = true;
    api.twist = ({ method }) => {
      const isLost = method === "PUT" && isFirst;
      if (isLost) isFirst = false;
      return isLost ? "lost" : undefined;
    };
    const { id } = await submit([
      link(0, { replaces: before, link: "https://files.example/new" }),
    ]);
    await work();
    expect(await statesOf(id)).toEqual(["completed"]);
    expect(api.files.get("id-0")?.link).toBe("https://files.example/new");
    expect(api.calls.filter(({ method }) => method === "DELETE")).toEqual([
      expect.objectContaining({ path: `/media/files/${before}` }),
    ]);
    expect(
      await db.rows(
        `select actor_name, object_id from audit_log
         where tenant_id = $1 and action = 'remote_file.deleted'`,
        [editor.tenantId],
      ),
    ).toEqual([{ actor_name: "editor", object_id: before }]);
  });

  test("without a unique identifier get one, and are one file when an answer was lost", async () => {
    let lost = 0;
    api.twist = ({ method }) =>
      method === "PUT" && (lost += 1) <= 3 ? "lost" : undefined;
    const { id } = await submit([
      ...[link(0, { uniqueIdentifier: null }), link(1)],
    ]);
    await work();
    expect(await statesOf(id)).toEqual(["completed", "completed"]);
    expect(api.sent()).toEqual([2, 2, 2, 2]);
    expect([...api.files.keys()]).toEqual([
      expect.stringMatching(/^studio-[0-9a-f-]{36}$/) as unknown,
      "id-1",
    ]);
    expect((await filesOf(id))[0]?.remote?.isIdentifierMade).toBe(true);
  });

  test("are not taken for the file of somebody else after an answer that was lost", async () => {
    await submit([link(0, { link: "https://files.example/first" })]);
    await work();
    let isFirst = true;
    api.twist = ({ method }) => {
      const isCut = method === "PUT" && isFirst;
      if (isCut) isFirst = false;
      return isCut ? "lost" : undefined;
    };
    const { id } = await submit([link(0)]);
    await work();
    expect((await filesOf(id))[0]?.remote?.note?.is).toBe("taken");
  });

  test("are refused while one with their identifier is on its way there, and taken once when sent twice", async () => {
    const { id } = await submit([link(0)]);
    expect((await submit([link(0)], { id })).refused).toEqual([]);
    const { refused } = await submit([link(0, { position: 4 })]);
    expect(refused).toEqual([
      {
        position: 4,
        message: expect.stringContaining("on its way") as unknown,
      },
    ]);
    await work();
    expect(api.sent()).toEqual([1]);
  });
});

describe("an endpoint that is not well", () => {
  test("gets a new token after a 401 in the middle, once", async () => {
    let isFirst = true;
    api.twist = () => {
      if (!isFirst) return undefined;
      isFirst = false;
      return { status: 401 };
    };
    const { id } = await submit([link(0)]);
    await work(1);
    expect(await statesOf(id)).toEqual(["progress"]);
    expect(api.tokens).toBe(2);
  });

  test("is asked again when it wants to, and nothing is said of the links before", async () => {
    api.twist = () => ({ status: 429, headers: { "retry-after": "77" } });
    const { id } = await submit([link(0)]);
    await work(1);
    const [file] = await filesOf(id);
    expect(file).toMatchObject({
      ...{ state: "created", attempts: 1 },
      remote: {
        isHeld: false,
        note: { is: "answer", answer: { outcome: "busy" } },
      },
    });
    const [due] = await db.rows<{ seconds: number }>(
      `select extract(epoch from due_at - now())::int as seconds from remote_files`,
    );
    expect(due?.seconds).toBeGreaterThan(70);
    expect(await claimTurn(db)).toBeUndefined();
    api.twist = () => undefined;
    await work();
    expect(await statesOf(id)).toEqual(["completed"]);
  });

  test("that refuses the provider is left alone until a person wants it", async () => {
    api.twist = () => ({
      status: 403,
      body: { errors: [{ message: `not with ${SECRET}` }] },
    });
    const { id } = await submit(range(60).map((at) => link(at)));
    await work();
    expect(api.sent()).toEqual([50]);
    const files = await filesOf(id);
    expect(files.every(({ remote }) => remote?.isHeld)).toBe(true);
    expect(JSON.stringify(files)).not.toContain(SECRET);
    api.twist = () => undefined;
    await retryRemoteFiles(
      editor,
      files.map((file) => file.id),
    );
    await work();
    expect(new Set(await statesOf(id))).toEqual(new Set(["completed"]));
  });

  test("is not left alone because our own database was away for a moment", async () => {
    const { id } = await submit([link(0)]);
    const turn = await claimTurn(db);
    if (!turn) throw new Error("Nothing was due.");
    const away = new AppError("unavailable", "The database is not reachable.");
    await expect(
      takeTurn(db, turn, {
        signal: new AbortController().signal,
        clientOf: () => Promise.reject(away),
      }),
    ).rejects.toThrow(away);
    expect((await filesOf(id))[0]?.remote?.isHeld).toBe(false);
  });

  test("whose secret cannot be read is left alone until a person wants it", async () => {
    const { id } = await submit([link(0)]);
    const turn = await claimTurn(db);
    if (!turn) throw new Error("Nothing was due.");
    const unreadable = createRemoteClient(
      {
        ...{ baseUrl: api.url, providerId: "p" },
        secret: () => {
          throw new AppError("unavailable", "The secret cannot be read.");
        },
      },
      deps,
    );
    await takeTurn(db, turn, {
      signal: new AbortController().signal,
      clientOf: () => Promise.resolve(unreadable),
    });
    expect((await filesOf(id))[0]?.remote).toMatchObject({
      ...{ isHeld: true },
      note: { is: "stopped", text: "The secret cannot be read." },
    });
  });

  test("repeats no part of the secret where its words are cut", async () => {
    api.refuses.set(link(0).link, `${"x".repeat(290)} ${SECRET}`);
    const { id } = await submit([link(0)]);
    await work();
    const note = JSON.stringify((await filesOf(id))[0]?.remote?.note);
    expect(note).toContain("xxx");
    expect(note).not.toContain(SECRET.slice(0, 5));
  });

  test("answers with anything, and no id or address of it is trusted", async () => {
    const { id } = await submit([link(0)]);
    await work(1);
    const result = {
      succeeded: {
        "id-0": {
          ...{ id: "..", publicUrl: "javascript:alert(1)" },
          metadata: { size: 5 },
        },
      },
    };
    api.twist = () => ({ status: 200, body: { result } });
    await work(2);
    expect(await statesOf(id)).toEqual(["progress"]);
    result.succeeded["id-0"].id = "a b/ü";
    await work(1);
    expect(await statesOf(id)).toEqual(["progress"]);
    result.succeeded["id-0"].id = "a b-ü";
    await work(1);
    expect((await filesOf(id))[0]).toMatchObject({
      state: "completed",
      remote: { fileId: "a b-ü", publicUrl: "javascript:alert(1)" },
    });
  });

  test("that answers a lookup with something else is left alone", async () => {
    const { id } = await submit([link(0)]);
    await work(1);
    api.twist = () => ({ status: 200, body: ["?"] });
    await work(1);
    expect((await filesOf(id))[0]).toMatchObject({
      state: "progress",
      remote: { isHeld: true, note: { answer: { outcome: "odd" } } },
    });
  });
});

describe("files that take their time there", () => {
  test.each([true, false])(
    "are looked for at growing pauses, with how far they are, until they are there (state told: %s)",
    async (tellsState) => {
      Object.assign(api, { newState: "Progress", tellsState });
      const { id } = await submit([link(0)]);
      const waits: number[] = [];
      for (let round = 0; round < 8; round += 1) {
        await work(1);
        const [row] = await db.rows<{ ms: number }>(
          `select extract(epoch from due_at - now()) * 1000 as ms from remote_files`,
        );
        waits.push(Number(row?.ms));
      }
      expect(waits.at(-1)).toBeGreaterThan(20 * Number(waits[1]));
      expect((await filesOf(id))[0]).toMatchObject({
        ...{ state: "progress", arrivedBytes: 40, sizeBytes: 100 },
      });
      for (const file of api.files.values()) file.state = "Completed";
      await work();
      expect(await statesOf(id)).toEqual(["completed"]);
    },
  );

  test("fail with the endpoint's reason, and are sent again by a retry", async () => {
    api.newState = "Progress";
    const { id } = await submit([link(0), link(1)]);
    await work(2);
    for (const file of api.files.values()) file.state = "Failed";
    await work(3);
    const files = await filesOf(id);
    expect(files.map(({ remote }) => remote?.note)).toEqual([
      ...[0, 1].map(() => ({ is: "not_fetched", text: "no such host" })),
    ]);
    api.files.clear();
    api.newState = "Completed";
    expect(
      await retryRemoteFiles(
        editor,
        files.map((file) => file.id),
      ),
    ).toBe(2);
    await work();
    expect(await statesOf(id)).toEqual(["completed", "completed"]);
  });

  test("are given up after the stated hours, and asked after again by a retry", async () => {
    const { id } = await submit([link(0)]);
    await work(1);
    const there = [...api.files];
    api.files.clear();
    await work(3);
    expect(await statesOf(id)).toEqual(["progress"]);
    now = new Date(Date.now() + 6.1 * 3_600_000);
    await work(1);
    const [file] = await filesOf(id);
    expect(file).toMatchObject({
      ...{ state: "failed", remote: { note: { is: "not_there", hours: 6 } } },
    });
    for (const [name, one] of there) api.files.set(name, one);
    await retryRemoteFiles(editor, [file?.id ?? ""]);
    now = new Date();
    await work();
    expect(await statesOf(id)).toEqual(["completed"]);
    expect(api.files.size).toBe(1);
  });

  test("are not looked for any more once they are cancelled", async () => {
    api.newState = "Progress";
    const { id } = await submit([link(0)]);
    await work(2);
    const [file] = await filesOf(id);
    expect(await cancelRemoteFiles(editor, [file?.id ?? ""])).toBe(1);
    const before = api.calls.length;
    await work();
    expect(api.calls).toHaveLength(before);
    expect(await statesOf(id)).toEqual(["cancelled"]);
  });
});

describe("a process that is killed", () => {
  test("before its answer leaves its links to another one, which sends them again and makes nothing twice", async () => {
    const { id } = await submit(range(3).map((at) => link(at)));
    const turn = await claimTurn(db);
    expect(turn?.links).toHaveLength(3);
    expect(await claimTurn(db)).toBeUndefined();
    await db.rows(`update remote_files set due_at = now()`);
    const other = await claimTurn(db);
    expect(other?.links).toHaveLength(3);
    if (!turn || !other) return;
    await takeClaimed(other);
    // The first one lives after all: what it finds out is not written.
    await takeClaimed(turn);
    await work();
    expect(await statesOf(id)).toEqual(range(3).map(() => "completed"));
    expect(api.files.size).toBe(3);
  });
});

test("the job sends what is due and follows it until it is there, and a turn is kept by who has it", async () => {
  const { id } = await submit([link(0), link(1)]);
  const turn = await claimTurn(db);
  if (!turn) throw new Error("Nothing was due.");
  expect([...(await renewTurns(db, [turn]))]).toEqual([turn.leaseId]);
  const other = { tenantId: randomUUID(), leaseId: turn.leaseId };
  expect([...(await renewTurns(db, [other]))]).toEqual([]);
  await db.rows(`update remote_files set due_at = now()`);
  const taken = await claimTurn(db);
  expect(taken?.links).toHaveLength(2);
  expect([...(await renewTurns(db, [turn]))]).toEqual([]);

  await db.rows(`update remote_files set due_at = now()`);
  const stopping = new AbortController();
  const running = remoteMediaJob({ clientOf: () => Promise.resolve(client) })(
    ...([db, stopping.signal] as const),
  );
  await vi.waitUntil(
    async () => (await statesOf(id)).every((state) => state === "completed"),
    { timeout: 15_000 },
  );
  stopping.abort();
  await running;
  expect(api.sent()).toEqual([2]);
});

describe("who may see and do what", () => {
  test("another tenant sees nothing, sends nothing, and has its own files of the same names", async () => {
    const { id } = await submit([link(0)]);
    const other = userContext(db, await createTenant(db), "editor");
    expect(await filesOf(id, other)).toEqual([]);
    const [file] = await filesOf(id);
    expect(await findRemoteFile(other, file?.id ?? "")).toBeUndefined();
    expect(await retryRemoteFiles(other, [file?.id ?? ""])).toBe(0);
    expect(await cancelRemoteFiles(other, [file?.id ?? ""])).toBe(0);
    await expect(submit([link(0)], { ctx: other })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(
      findTakenThere(other, endpointId, ["id-0"]),
    ).rejects.toMatchObject({ code: "not_found" });
    const theirs = await addEndpoint(userContext(db, other.tenantId, "admin"));
    const same = await submit([link(0)], { ctx: other, to: theirs.id });
    expect(same.refused).toEqual([]);
  });

  test("a viewer watches and changes nothing", async () => {
    const { id } = await submit([link(0)]);
    const viewer = userContext(db, editor.tenantId, "viewer");
    const [file] = await filesOf(id, viewer);
    const forbidden = { code: "forbidden" };
    await expect(submit([link(0)], { ctx: viewer })).rejects.toMatchObject(
      forbidden,
    );
    await expect(
      retryRemoteFiles(viewer, [file?.id ?? ""]),
    ).rejects.toMatchObject(forbidden);
    await expect(
      cancelRemoteFiles(viewer, [file?.id ?? ""]),
    ).rejects.toMatchObject(forbidden);
    await expect(
      findTakenThere(viewer, endpointId, ["a"]),
    ).rejects.toMatchObject(forbidden);
  });

  test("a submission does not change where it goes", async () => {
    const { id } = await submit([link(0)]);
    await expect(
      submitBatch(editor, {
        ...{ submissionId: id, total: 1, links: [link(0)] },
        owner: submissionOwner(editor.tenantId, editor.actor.id),
      }),
    ).rejects.toMatchObject({ code: "conflict" });
  });

  test("an endpoint takes its submissions with it", async () => {
    const { id } = await submit([link(0)]);
    await deleteEndpoint(admin, endpointId, "Elsewhere");
    expect(await filesOf(id)).toEqual([]);
    expect((await listSubmissions(editor, null)).submissions).toEqual([]);
    await work();
    expect(api.calls).toEqual([]);
  });
});
