import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  test,
} from "vitest";

import type {
  MediaFileResult,
  PartialSuccess,
  UploadResult,
} from "@/lib/domain/wire-media-answer";
import { createTestDb, type TestDb } from "@/lib/testing/db";
import { readSharedCases } from "@/lib/testing/shared-data";
import { createWireClient, type WireClient } from "@/lib/testing/wire-client";
import {
  listenerMount,
  routeMount,
  type WireMount,
} from "@/lib/testing/wire-mounts";
import {
  createWireProvider,
  type WireProvider,
} from "@/lib/testing/wire-provider";

type Uploads = PartialSuccess<UploadResult>;
type Files = PartialSuccess<MediaFileResult>;

let database: TestDb;
let mounts: WireMount[];

beforeAll(async () => {
  database = await createTestDb();
  mounts = [await listenerMount(), await routeMount()];
});
afterAll(async () => {
  await Promise.all(mounts.map((mount) => mount.close()));
  await database.close();
});

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const uuid = expect.stringMatching(UUID) as string;
const time = expect.stringMatching(TIME) as string;

describe.each([0, 1])("media calls at mount %i", (at) => {
  /** Of the address by which the mount is asked; without a Host header ours. */
  const host = at === 0 ? "127.0.0.1:3001" : "localhost:3001";
  let provider: WireProvider;
  let client: WireClient;

  beforeEach(async () => {
    provider = await createWireProvider(database);
    client = await clientOf(provider);
  });

  function clientOf(of: WireProvider): Promise<WireClient> {
    const mount = mounts[at];
    if (!mount) throw new RangeError("There are two mounts.");
    return createWireClient(mount, of);
  }

  const put = (links: unknown, by = client) =>
    by.ask<Uploads>("PUT", "/media/uploads/links", { links });
  const lookUp = (uniqueIdentifiers: unknown, by = client) =>
    by.ask<Files>("POST", "/media/files/batch", { uniqueIdentifiers });

  async function putOne(
    uniqueIdentifier: string | null,
    by = client,
  ): Promise<string> {
    const link = "http://files.test/a.jpg";
    const { result } = await put(
      [{ link, filename: "a.jpg", uniqueIdentifier }],
      by,
    );
    return result.succeeded[link]?.id ?? "";
  }

  /** What the worker will say. */
  async function end(id: string, state: string, code: string | null = null) {
    const ended = await database.db.rows(
      "update media_files set state = $2, failure_code = $3, failure_status = 404 where id = $1 returning id",
      [id, state, code],
    );
    expect(ended).toHaveLength(1);
  }

  test("takes the official client's links and finds them right after", async () => {
    const link = "http://files.test/pic ä.jpg?x=1";
    const taken = await client.ask<Uploads>(
      "PUT",
      "/media/uploads/links",
      `{"Links":[{"Link":"${link}","Filename":"pic.jpg","UniqueIdentifier":"url_pic.jpg"}]}`,
    );
    expect(taken.status).toBe(202);
    expect(taken.errors).toEqual([]);
    expect(taken.result).toEqual({
      succeeded: {
        [link]: {
          id: uuid,
          progress: {
            totalSize: null,
            uploadedSize: 0,
            completedPercentage: null,
            isCompleted: false,
          },
          state: "Created",
          sourceUrl: link,
          createdAt: time,
          updatedAt: time,
          metadata: {
            filename: "pic.jpg",
            mimeType: "image/jpeg",
            size: 0,
            uniqueIdentifier: "url_pic.jpg",
          },
        },
      },
      failures: {},
    });

    const id = taken.result.succeeded[link]?.id ?? "";
    const found = await client.ask<Files>(
      "POST",
      "/media/files/batch",
      `{"UniqueIdentifiers":["url_pic.jpg"]}`,
    );
    expect(found.status).toBe(200);
    expect(found.errors).toEqual([]);
    const publicUrl = `http://${host}/${provider.ctx.tenantId}/${id}/pic.jpg`;
    const file: MediaFileResult = {
      id,
      publicUrl,
      sourceUrl: link,
      location: {
        hostName: host,
        containerName: provider.ctx.tenantId,
        fileName: `${id}/pic.jpg`,
      },
      metadata: {
        filename: "pic.jpg",
        mimeType: "image/jpeg",
        extension: "jpg",
        size: 0,
        mediaInfo: { video: null, image: null },
      },
      uniqueIdentifier: "url_pic.jpg",
      state: "Created",
    };
    expect(found.result).toEqual({
      succeeded: { "url_pic.jpg": file },
      failures: {},
    });
    const byId = await client.ask("GET", `/media/files/${id}`);
    expect([byId.status, byId.result]).toEqual([200, file]);
    const upload = await client.ask("GET", `/media/uploads/${id}`);
    expect([upload.status, upload.result]).toEqual([
      200,
      taken.result.succeeded[link],
    ]);
  });

  test("says what is inside a finished file", async () => {
    const id = await putOne(null);
    await database.db.rows(
      `update media_files set state = 'completed', size_bytes = 9, arrived_bytes = 9,
         media_info = '{"image":{"width":2,"height":1,"resolution":{"horizontal":72,"vertical":72}}}' where id = $1`,
      [id],
    );
    const upload = await client.ask<UploadResult>(
      "GET",
      `/media/uploads/${id}`,
    );
    expect(upload.result.state).toBe("Completed");
    expect(upload.result.progress).toEqual({
      totalSize: 9,
      uploadedSize: 9,
      completedPercentage: 100,
      isCompleted: true,
    });
    const file = await client.ask<MediaFileResult>("GET", `/media/files/${id}`);
    expect(file.result.uniqueIdentifier).toBeNull();
    expect(file.result.metadata.mediaInfo).toEqual({
      video: null,
      image: {
        width: 2,
        height: 1,
        resolution: { horizontal: 72, vertical: 72 },
      },
    });
  });

  test("puts a taken identifier into failures, be it stored or earlier in the request", async () => {
    const id = await putOne("taken");
    const answer = await put([
      { link: "http://files.test/1", filename: "1", uniqueIdentifier: "taken" },
      { link: "http://files.test/2", filename: "2", uniqueIdentifier: "fresh" },
      { link: "http://files.test/2", filename: "3", uniqueIdentifier: "fresh" },
      { link: "http://files.test/2", filename: "4" },
    ]);
    expect(answer.status).toBe(202);
    expect(answer.errors).toEqual([]);
    expect(Object.keys(answer.result.succeeded)).toEqual([
      "http://files.test/2",
      "http://files.test/2#3",
    ]);
    expect(answer.result.failures["http://files.test/1"]).toEqual({
      message: `A media file with the unique identifier "taken" already exists: ${id}. Delete it first to replace it.`,
      error: `A media file with the unique identifier "taken" already exists: ${id}. Delete it first to replace it.`,
    });
    expect(Object.keys(answer.result.failures)).toEqual([
      "http://files.test/1",
      "http://files.test/2#2",
    ]);
  });

  test("keeps the file of the first of equal requests", async () => {
    const links = [
      { link: "http://files.test/a", filename: "a" },
      { link: "http://files.test/a", filename: "a" },
      { link: "http://files.test/b", filename: "b", uniqueIdentifier: "b" },
    ];
    const first = await put(links);
    const again = await Promise.all([put(links), put(links), put(links)]);
    const { succeeded } = first.result;
    for (const { status, result } of again) {
      expect(status).toBe(202);
      expect(Object.keys(result.failures)).toEqual(["http://files.test/b"]);
      for (const key of ["http://files.test/a", "http://files.test/a#2"])
        expect(result.succeeded[key]?.id).toBe(succeeded[key]?.id);
    }
    const [stored] = await database.db.rows<{ n: number }>(
      "select count(*) as n from media_files where tenant_id = $1",
      [provider.ctx.tenantId],
    );
    expect(stored?.n).toBe(3);
  });

  test("makes new files when equal requests meet for the first time, once", async () => {
    const links = [{ link: "http://files.test/a", filename: "a" }];
    const answers = await Promise.all([1, 2, 3, 4].map(() => put(links)));
    const ids = answers.map(
      ({ result }) => result.succeeded["http://files.test/a"]?.id,
    );
    expect(new Set(ids).size).toBe(1);
    const other = await put([{ link: "http://files.test/a", filename: "b" }]);
    expect(ids).not.toContain(
      other.result.succeeded["http://files.test/a"]?.id,
    );
  });

  test("takes an empty identifier for none, as clients send it", async () => {
    const links = ["a", "b"].map((name) => ({
      link: `http://files.test/${name}`,
      filename: name,
      uniqueIdentifier: "",
    }));
    const { status, result } = await put(links);
    expect(status).toBe(202);
    expect(result.failures).toEqual({});
    expect(
      Object.values(result.succeeded).map(
        ({ metadata }) => metadata.uniqueIdentifier,
      ),
    ).toEqual([null, null]);
  });

  test("lets one of many equal requests have the identifier, the others fail by item", async () => {
    const link = "http://files.test/race.jpg";
    const item = { link, filename: "race.jpg", uniqueIdentifier: "race" };
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => put([item])),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(202));
    const taken = answers.filter(({ result }) => link in result.succeeded);
    expect(taken).toHaveLength(1);
    const id = taken[0]?.result.succeeded[link]?.id ?? "";
    for (const { result } of answers.filter((one) => !taken.includes(one)))
      expect(result.failures[link]?.message).toContain(id);
  });

  test("names files on the host by which the client reached the API", async () => {
    const id = await putOne("on this host");
    const one = await client.ask<MediaFileResult>("GET", `/media/files/${id}`);
    const many = await lookUp(["on this host"]);
    const files = [one.result, many.result.succeeded["on this host"]];
    expect(files.map((file) => new URL(file?.publicUrl ?? "").host)).toEqual([
      host,
      host,
    ]);
    expect(files.map((file) => file?.location.hostName)).toEqual([host, host]);
  });

  test("refuses a request with a bad item as a whole, naming each", async () => {
    const good = { link: "http://files.test/g", filename: "g" };
    const refused = await put([
      good,
      { link: "ftp://files.test/a", filename: "a" },
      { link: "http://files.test/b" },
      { link: "http://files.test/c", filename: "", uniqueIdentifier: "\t" },
      { filename: 7 },
      "http://files.test/d",
      null,
    ]);
    expect(refused.status).toBe(400);
    expect(refused.result).toBeNull();
    expect(refused.statusCode).toBe(400);
    expect(new Set(refused.errors.map(({ message }) => message))).toEqual(
      new Set(["Invalid request"]),
    );
    expect(refused.errors.map(({ details }) => details?.propertyName)).toEqual(
      refused.errors.map(() => "links"),
    );
    expect(refused.errors.map(({ details }) => details?.message)).toEqual([
      expect.stringMatching(/^links\[1\]\.link breaks a rule\. .*http/),
      "links[2].filename is missing. Send a text.",
      expect.stringMatching(/^links\[3\]\.filename breaks a rule\./),
      expect.stringMatching(/^links\[3\]\.uniqueIdentifier breaks a rule\./),
      "links[4].link is missing. Send a text.",
      "links[4].filename is a number. Send a text.",
      "links[5] is a text. Send an object with link and filename.",
      "links[6] is null. Send an object with link and filename.",
    ]);
    expect((await lookUp(["g"])).result.succeeded).toEqual({});

    for (const body of [[], "x", null, Array(51).fill(good)]) {
      const answer = await put(body);
      expect(answer.status).toBe(400);
      expect(answer.errors[0]?.details?.propertyName).toBe("links");
    }
    expect((await put(Array(50).fill(good))).status).toBe(202);
    const twice = await client.ask("PUT", "/media/uploads/links", {
      links: [{ ...good, Link: "http://files.test/x" }],
    });
    expect(twice.status).toBe(400);
  });

  test("looks up to 50 identifiers up, misses in failures with 200", async () => {
    await putOne("here");
    const { status, result } = await lookUp(["here", "gone", "here", "\0"]);
    expect(status).toBe(200);
    expect(Object.keys(result.succeeded)).toEqual(["here"]);
    expect(Object.keys(result.failures)).toEqual(["gone", "\0"]);
    expect(result.failures.gone?.error).toBe(result.failures.gone?.message);

    for (const asked of [[], Array(51).fill("x"), [1], [null], "x", null]) {
      const refused = await lookUp(asked);
      expect(refused.status).toBe(400);
      expect(refused.errors[0]?.details?.propertyName).toBe(
        "uniqueIdentifiers",
      );
    }
    expect((await lookUp(Array(50).fill("x"))).status).toBe(200);
  });

  test("frees the identifier of a failed link and says why it failed", async () => {
    const id = await putOne("dead");
    await end(id, "failed", "remote_status");
    const { result } = await lookUp(["dead"]);
    expect(Object.keys(result.failures)).toEqual(["dead"]);
    const upload = await client.ask<UploadResult>(
      "GET",
      `/media/uploads/${id}`,
    );
    expect(upload.result.state).toBe("Failed");
    expect(upload.result.error?.message).toContain("404");
    const file = await client.ask("GET", `/media/files/${id}`);
    expect([file.status, file.statusCode]).toEqual([404, 404]);
    expect(await putOne("dead")).toMatch(UUID);
  });

  test("lets an identifier be used again once its file is deleted", async () => {
    const first = await putOne("again");
    await end(first, "completed");
    expect(await putOne("again")).toBe("");
    const deleted = await client.ask("DELETE", `/media/files/${first}`);
    expect([deleted.status, deleted.text]).toEqual([204, ""]);
    const second = await putOne("again");
    expect(second).toMatch(UUID);
    expect(second).not.toBe(first);
    const { result } = await lookUp(["again"]);
    expect(result.succeeded.again?.id).toBe(second);
  });

  test("does not let an unfinished upload block or stand for its identifier", async () => {
    await database.db.rows(
      `insert into media_files (tenant_id, id, unique_identifier, filename, origin, state, size_bytes, actor_id, actor_name)
       values ($1, gen_random_uuid(), 'half', 'a', 'upload', 'progress', 9, 'x', 'x')`,
      [provider.ctx.tenantId],
    );
    expect(Object.keys((await lookUp(["half"])).result.failures)).toEqual([
      "half",
    ]);
    expect(await putOne("half")).toMatch(UUID);
  });

  test("has one answer for ids of other tenants, unknown ones and none at all", async () => {
    const other = await createWireProvider(database);
    const otherClient = await clientOf(other);
    const id = await putOne("mine");
    const calls = [
      ["GET", "/media/uploads/"],
      ["GET", "/media/files/"],
      ["DELETE", "/media/files/"],
    ] as const;
    for (const [method, path] of calls) {
      const answers = [];
      for (const asked of [id, "5f639717-c581-4924-82e0-434b006fe149", "foo"]) {
        const answer = await otherClient.ask(method, path + asked);
        answers.push({
          status: answer.status,
          statusCode: answer.statusCode,
          result: answer.result,
          errors: JSON.stringify(answer.errors).replace(asked, "ID"),
        });
      }
      expect(answers[0]).toMatchObject({ status: 404, statusCode: 404 });
      expect(answers[1]).toEqual(answers[0]);
      expect(answers[2]).toEqual(answers[0]);
    }
    for (const odd of ["%00", "%2e%2e%2ffoo", "%zz", "a%20b", "'"]) {
      const answer = await client.ask("GET", `/media/files/${odd}`);
      expect(answer.status).toBe(404);
    }
    const found = await lookUp(["mine"], otherClient);
    expect(found.result.succeeded).toEqual({});
    expect(await putOne("mine", otherClient)).toMatch(UUID);
    expect((await client.ask("GET", `/media/files/${id}`)).status).toBe(200);
  });

  test("asks for a token before anything else", async () => {
    const calls = [
      ["PUT", "/media/uploads/links"],
      ["POST", "/media/files/batch"],
      ["GET", "/media/uploads/x"],
      ["GET", "/media/files/x"],
      ["DELETE", "/media/files/x"],
    ] as const;
    for (const [method, path] of calls) {
      const response = await mounts[at]?.fetch(path, { method });
      expect(response?.status).toBe(401);
      expect(await response?.json()).toMatchObject({ statusCode: 401 });
    }
  });

  test("refuses other methods", async () => {
    for (const [method, path] of [
      ["POST", "/media/uploads/links"],
      ["PUT", "/media/files/batch"],
      ["DELETE", "/media/uploads/x"],
      ["PUT", "/media/files/x"],
    ] as const) {
      expect((await client.ask(method, path)).status).toBe(405);
    }
  });

  test.each(
    readSharedCases<{ id: string; uniqueIdentifier: string }>(
      "hostile/media-identifiers.jsonl",
    ),
  )("takes the identifier $id or refuses it", async ({ uniqueIdentifier }) => {
    const link = "http://files.test/__proto__";
    const links = [{ link, filename: "__proto__", uniqueIdentifier }];
    const taken = await put(links);
    if (taken.status === 400) {
      expect(taken.errors[0]?.details?.message).toMatch(
        /^links\[0\]\.uniqueIdentifier breaks a rule\. /,
      );
      expect(
        Object.hasOwn(
          (await lookUp([uniqueIdentifier])).result.failures,
          uniqueIdentifier,
        ),
      ).toBe(true);
      return;
    }
    expect(taken.status).toBe(202);
    const id = taken.result.succeeded[link]?.id ?? "";
    expect(id).toMatch(UUID);
    expect(Object.keys((await put(links)).result.failures)).toEqual([link]);

    const { result } = await lookUp([uniqueIdentifier]);
    expect(Object.keys(result.succeeded)).toEqual([uniqueIdentifier]);
    const found = Object.entries(result.succeeded)[0]?.[1];
    expect(found?.id).toBe(id);
    expect(found?.uniqueIdentifier).toBe(uniqueIdentifier);

    const other = await clientOf(await createWireProvider(database));
    const missed = await lookUp([uniqueIdentifier], other);
    expect(Object.keys(missed.result.failures)).toEqual([uniqueIdentifier]);
    expect((await put(links, other)).result.failures).toEqual({});
    await client.ask("DELETE", `/media/files/${id}`);
    expect(
      Object.keys((await lookUp([uniqueIdentifier])).result.failures),
    ).toEqual([uniqueIdentifier]);
    expect(({} as { id?: unknown }).id).toBeUndefined();
  });

  test.each(
    readSharedCases<{ id: string; filename: string }>(
      "hostile/file-names.jsonl",
    ),
  )("keeps the file name $id as text or refuses it", async ({ filename }) => {
    const link = "http://files.test/n";
    const taken = await put([{ link, filename }]);
    if (taken.status === 400) {
      expect(taken.errors[0]?.details?.message).toMatch(
        /^links\[0\]\.filename breaks a rule\. /,
      );
      return;
    }
    const id = taken.result.succeeded[link]?.id ?? "";
    const { result } = await client.ask<MediaFileResult>(
      "GET",
      `/media/files/${id}`,
    );
    expect(result.metadata.filename).toBe(filename);
    const { pathname } = new URL(result.publicUrl);
    expect(pathname.split("/").slice(0, 3)).toEqual([
      "",
      provider.ctx.tenantId,
      id,
    ]);
    expect(pathname.split("/")).toHaveLength(4);
  });
});
