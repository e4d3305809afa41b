import { describe, expect, test } from "vitest";

import { AppError } from "@/lib/domain/errors";
import type { CheckReport, ImportRun } from "@/lib/domain/import-run";
import type { ActionResult } from "@/lib/domain/result";
import type { TableStep } from "@/lib/domain/table-steps";
import { createFileInsights } from "@/lib/importer/file-insights";
import type { WorkerEvent, WorkerRequest } from "@/lib/importer/messages";

import { ImportController } from "./import-controller";
import type { RunActions } from "./run-actions";

const OPTIONS = {
  encoding: "utf-8",
  delimiter: ",",
  headerRow: 1,
  quotes: "standard" as const,
};
const REPORT: CheckReport = {
  rowsRead: 2,
  rowsRejected: 0,
  rowsBlank: 0,
  rowsMerged: 0,
  entities: 2,
  deletes: 0,
  batches: 1,
  issues: [],
  needsOrder: false,
};

const file = (name = "a.csv", text = "sku,name\nA,Chair\n") =>
  new File([text], name);

function run(change: Partial<ImportRun> = {}): ImportRun {
  return {
    id: "11111111-1111-4111-8111-111111111111",
    kind: "import",
    undoOf: null,
    undoneBy: null,
    keptCount: 0,
    mirroredBy: null,
    delivery: null,
    source: {
      id: "22222222-2222-4222-8222-222222222222",
      identifier: "products",
      name: "Products",
    },
    status: "running",
    actorName: "Anna",
    file: { name: "a.csv", bytes: file().size, hash: "hash" },
    tableOptions: OPTIONS,
    headers: ["sku", "name"],
    mapping: { columns: [], keySeparator: "-", repeatedKeys: "merge" },
    check: REPORT,
    batchesTotal: 1,
    applied: {
      batches: 0,
      entities: 0,
      created: 0,
      updated: 0,
      unchanged: 0,
      deleted: 0,
      aside: 0,
      asideRows: 0,
    },
    lease: null,
    startedAt: "2026-01-01T00:00:00.000Z",
    updatedAt: "2026-01-01T00:00:00.000Z",
    finishedAt: null,
    ...change,
  };
}

const ok = <T>(data: T): Promise<ActionResult<T>> =>
  Promise.resolve({ ok: true, data });
const refused = <T>(
  code: "conflict" | "unavailable" | "unauthenticated",
): Promise<ActionResult<T>> =>
  Promise.resolve({ ok: false, error: { code, message: `It is ${code}.` } });

/** A controller with a worker that answers as told and a server of plain functions. */
function setUp(
  more: {
    actions?: Partial<RunActions>;
    found?: ImportRun | Error;
    resumed?: ImportRun;
    hash?: string;
    findKnownKeys?: (keys: readonly string[]) => Promise<ReadonlySet<string>>;
  } = {},
) {
  const requests: WorkerRequest[] = [];
  const waits: number[] = [];
  let tell: (event: WorkerEvent) => void = () => undefined;
  const controller = new ImportController({
    sourceId: run().source.id,
    properties: [],
    tabId: () => "tab",
    startWorker: (onEvent) => {
      tell = onEvent;
      return {
        post: (request) => {
          requests.push(request);
          const answer = answerTo(request, more.hash ?? "hash");
          if (answer) onEvent(answer);
        },
        terminate: () => undefined,
      };
    },
    actions: {
      startRun: () => ok(run()),
      takeRun: () => ok({ run: run(), appliedSequences: [1] }),
      pauseRun: () => ok(run({ status: "paused" })),
      cancelRun: () => ok(run({ status: "cancelled" })),
      finishRun: () => ok(run({ status: "finished" })),
      releaseRun: () => ok(run()),
      ...more.actions,
    },
    findRun: () =>
      more.found instanceof Error
        ? Promise.reject(more.found)
        : Promise.resolve(more.found ?? run()),
    wait: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
    nowMs: () => 0,
    findKnownKeys: more.findKnownKeys,
    resumed: more.resumed,
  });
  return {
    controller,
    requests,
    waits,
    tell: (event: WorkerEvent) => tell(event),
    at: () => controller.session().at,
    settle: () => new Promise((resolve) => setImmediate(resolve)),
  };
}

function answerTo(
  request: WorkerRequest,
  fileHash: string,
): WorkerEvent | undefined {
  const headers = ["sku", "name"];
  if (request.type === "open") {
    const firstRows = [
      { rowNumber: 1, cells: headers },
      { rowNumber: 2, cells: ["A", "Chair"] },
    ];
    const options = { ...OPTIONS, ...request.options };
    const preview = { options, isEncodingCertain: true, headers };
    const found = { firstRows, notices: [], quoteProblems: 0 };
    return { type: "opened", preview: { ...preview, ...found } };
  }
  if (request.type === "check") {
    return {
      ...{ type: "checked", report: REPORT, fileHash, options: OPTIONS },
      ...{ headers, notices: [], entities: [], quoteProblems: 0 },
      insights: createFileInsights({ ...request, headers }).result(),
    };
  }
  return undefined;
}

describe("ImportController", () => {
  test("leads a file from the drop to a finished run", async () => {
    const { controller, requests, tell, at, settle } = setUp();
    controller.open(file());
    expect(at()).toBe("mapping");
    controller.check();
    expect(at()).toBe("checked");
    await controller.send();
    expect(at()).toBe("sending");
    expect(requests.at(-1)).toMatchObject({
      type: "send",
      tabId: "tab",
      appliedSequences: [],
    });
    tell({ type: "sent", batches: 1, entities: 2 });
    await settle();
    expect(controller.session()).toMatchObject({
      at: "ended",
      run: { status: "finished" },
    });
  });

  test("keeps the mapping when the file is read in another way with the same columns", () => {
    const { controller } = setUp();
    controller.open(file());
    controller.changeMapping((mapping) => ({ ...mapping, keySeparator: "_" }));
    controller.reread({ encoding: "windows-1252" });
    expect(controller.session()).toMatchObject({
      opened: { mapping: { keySeparator: "_" } },
    });
  });

  test("leaves edits of single cells out, and says so, when other rows get their numbers", () => {
    const { controller } = setUp();
    const edit: TableStep = {
      ...{ do: "edit", cells: [{ row: 2, column: 1, value: "Stool" }] },
    };
    const trim: TableStep = { do: "clean", column: 1, how: "trim" };
    const read = () => {
      const session = controller.session();
      if (!("opened" in session)) throw new Error("No file is open.");
      const { mapping, preview } = session.opened;
      return { steps: mapping.steps, said: preview.notices.join(" ") };
    };
    const mend = () =>
      controller.changeMapping((mapping) => ({
        ...mapping,
        steps: [edit, trim],
      }));
    controller.open(file());
    mend();
    for (const same of [{ encoding: "windows-1252" }, { headerRow: 1 }]) {
      controller.reread(same);
      expect(read()).toEqual({ steps: [edit, trim], said: "" });
    }
    for (const other of [
      { quotes: "text" as const },
      { parts: [{ file: "a.xlsx", sheet: "New" }] },
      { parts: [{ file: "a.xlsx", sheet: "Old" }] },
    ]) {
      mend();
      controller.reread(other);
      expect(read()).toEqual({
        steps: [trim],
        said: expect.stringContaining("the rows are others now") as string,
      });
    }
  });

  test("asks the source for the first keys and suggests the column that holds them", async () => {
    const asked: (readonly string[])[] = [];
    const { controller, at, settle } = setUp({
      findKnownKeys: (keys) => {
        asked.push(keys);
        return Promise.resolve(new Set(["A"]));
      },
    });
    controller.open(file());
    expect(at()).toBe("reading");
    await settle();
    expect(asked).toEqual([["A"]]);
    expect(controller.session()).toMatchObject({
      at: "mapping",
      opened: { mapping: { columns: [{ as: "key" }, { as: "property" }] } },
    });
  });

  test("opens the file also when the source cannot be asked, and no file that was left meanwhile", async () => {
    const away = () => Promise.reject(new Error("away"));
    const { controller, at, settle } = setUp({ findKnownKeys: away });
    controller.open(file());
    await settle();
    expect(at()).toBe("mapping");
    controller.open(file());
    controller.restart();
    await settle();
    expect(at()).toBe("idle");
  });

  test("needs a new check after the mapping changed", () => {
    const { controller, at } = setUp();
    controller.open(file());
    controller.check();
    controller.changeMapping((mapping) => mapping);
    expect(at()).toBe("mapping");
  });

  test("goes on by itself after the server was away, with longer waits, and sends only what is missing", async () => {
    let tries = 0;
    const { controller, requests, waits, tell, settle } = setUp({
      actions: {
        takeRun: () =>
          (tries += 1) < 3
            ? refused("unavailable")
            : ok({ run: run(), appliedSequences: [1] }),
      },
    });
    controller.open(file());
    controller.check();
    await controller.send();
    tell({ type: "failed", message: "Away.", canRetry: true });
    await settle();
    expect(waits).toEqual([1_000, 2_000, 4_000]);
    expect(requests.at(-1)).toMatchObject({
      type: "send",
      appliedSequences: [1],
    });
  });

  test("stops and offers to take over when another tab has the run", async () => {
    const forced: boolean[] = [];
    const { controller, tell, settle } = setUp({
      found: run({
        lease: { tabId: "other", actorName: "Bo", until: run().startedAt },
      }),
      actions: {
        takeRun: (_, by) => {
          forced.push(by.isForced);
          return ok({ run: run(), appliedSequences: [] });
        },
      },
    });
    controller.open(file());
    controller.check();
    await controller.send();
    tell({ type: "failed", message: "Another tab.", canRetry: false });
    await settle();
    expect(controller.session()).toMatchObject({
      hold: { is: "refused", remedy: "takeOver" },
    });
    await controller.goOn(true);
    expect(forced).toEqual([true]);
    expect(controller.session()).toMatchObject({ hold: { is: "none" } });
  });

  test("ends when the run has ended elsewhere", async () => {
    const { controller, tell, settle, at } = setUp({
      found: run({ status: "cancelled" }),
    });
    controller.open(file());
    controller.check();
    await controller.send();
    tell({ type: "failed", message: "It was cancelled.", canRetry: false });
    await settle();
    expect(at()).toBe("ended");
  });

  test("pauses in the worker and goes on from the same batch", async () => {
    const { controller, requests } = setUp();
    controller.open(file());
    controller.check();
    await controller.send();
    controller.pause();
    expect(controller.session()).toMatchObject({ hold: { is: "paused" } });
    await controller.goOn(false);
    expect(requests.slice(-2).map(({ type }) => type)).toEqual([
      "pause",
      "resume",
    ]);
  });

  test("stays and asks to sign in when the session ends, then goes on", async () => {
    let isSignedIn = false;
    const { controller, requests, tell, settle } = setUp({
      actions: {
        takeRun: () =>
          isSignedIn
            ? ok({ run: run(), appliedSequences: [1] })
            : refused("unauthenticated"),
      },
    });
    controller.open(file());
    controller.check();
    await controller.send();
    tell({ type: "failed", message: "Signed out.", canRetry: true });
    await settle();
    expect(controller.session()).toMatchObject({
      at: "sending",
      hold: { is: "refused", remedy: "signIn" },
    });

    isSignedIn = true;
    await controller.goOn(false);
    expect(controller.session()).toMatchObject({ hold: { is: "none" } });
    expect(requests.at(-1)).toMatchObject({
      type: "send",
      appliedSequences: [1],
    });
  });

  test("stops for good when the run was deleted with its source", async () => {
    const { controller, requests, tell, settle } = setUp({
      found: new AppError("not_found", "There is no such run."),
    });
    controller.open(file());
    controller.check();
    await controller.send();
    tell({ type: "failed", message: "No such run.", canRetry: false });
    await settle();
    expect(requests.at(-1)).toEqual({ type: "stop" });
    expect(controller.session()).toMatchObject({
      at: "sending",
      hold: { is: "refused", remedy: "none" },
    });
  });

  test("keeps a checked file when its run could not be stored", async () => {
    for (const code of ["unauthenticated", "unavailable"] as const) {
      const { controller } = setUp({
        actions: { startRun: () => refused(code) },
      });
      controller.open(file());
      controller.check();
      await controller.send();
      expect(controller.session()).toMatchObject({
        at: "checked",
        isStarting: false,
        problem: expect.stringContaining("stay") as string,
      });
    }
  });

  test("goes on with a stored run only with the same file, whatever its name", async () => {
    const resumed = run();
    const same = setUp({ resumed });
    same.controller.open(file("renamed.csv"));
    await same.settle();
    expect(same.requests.at(-1)).toMatchObject({
      type: "send",
      appliedSequences: [1],
    });

    const longer = setUp({ resumed });
    longer.controller.open(file("a.csv", "sku,name\nA,Chair and more\n"));
    expect(longer.controller.session()).toMatchObject({
      at: "unreadable",
      message: expect.stringContaining("is not the file of this run") as string,
    });
    expect(longer.requests).toEqual([]);

    const changed = setUp({ resumed, hash: "another" });
    changed.controller.open(file());
    await changed.settle();
    expect(changed.controller.session()).toMatchObject({
      at: "unreadable",
      message: expect.stringContaining(
        "same size but other contents",
      ) as string,
    });
  });

  test("does not go on with a stored run when the same bytes are read otherwise", async () => {
    const check = { ...REPORT, rowsRead: 4, entities: 4, batches: 2 };
    const { controller, requests, settle } = setUp({
      resumed: run({ check, batchesTotal: 2 }),
    });
    controller.open(file());
    await settle();
    expect(controller.session()).toMatchObject({
      at: "unreadable",
      message: expect.stringContaining("read otherwise now") as string,
    });
    expect(requests.map(({ type }) => type)).not.toContain("send");
  });

  test("goes on in order with a run that was begun so for what the source held then", async () => {
    const resumed = run({ check: { ...REPORT, needsOrder: true } });
    const { controller, requests, settle } = setUp({
      resumed,
      actions: { takeRun: () => ok({ run: resumed, appliedSequences: [] }) },
    });
    controller.open(file());
    await settle();
    expect(requests.at(-1)).toMatchObject({
      type: "send",
      isOrderNeeded: true,
    });
  });

  test("checks again when a file that leaves out what is unchanged is saved as another recipe", () => {
    const [ours, theirs, snapshot] = ["3", "4", "5"].map((digit) =>
      run().id.replaceAll("1", digit),
    );
    const { controller, at } = setUp();
    controller.open(file());
    controller.changeMapping((mapping) => ({
      ...mapping,
      recipe: { id: ours ?? "", onlyChangedSince: snapshot },
    }));
    controller.check();
    const keep = (id = "") =>
      controller.keepRecipe({
        ...{ id, sourceId: run().source.id, name: "Nightly", headerRow: 1 },
        ...{ headers: ["sku", "name"], authorName: "Anna", lastUsedAt: null },
        ...{ createdAt: run().startedAt, updatedAt: run().startedAt },
        recipe: {
          ...{ version: 1, headers: ["sku", "name"], tableOptions: OPTIONS },
          mapping: run().mapping,
        },
      });
    keep(ours);
    expect(at()).toBe("checked");
    expect(controller.session()).toMatchObject({
      opened: { mapping: { recipe: { onlyChangedSince: snapshot } } },
    });
    keep(theirs);
    expect(at()).toBe("mapping");
    const session = controller.session();
    expect("opened" in session && session.opened.mapping.recipe).toEqual({
      id: theirs,
    });
  });

  test("takes no notice of what an earlier worker still says", () => {
    const { controller, tell, at } = setUp();
    controller.open(file());
    const late = tell;
    controller.restart();
    late({ type: "failed", message: "Late.", canRetry: false });
    expect(at()).toBe("idle");
  });
});
