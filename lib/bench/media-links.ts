import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, rename } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { Agent, request } from "undici";

import type { Context } from "@/lib/server/context";
import { type Db } from "@/lib/server/db/client";
import { createProvider } from "@/lib/server/providers/service";
import {
  contentOf,
  startLinkOrigin,
  type LinkOrigin,
} from "@/lib/testing/link-origin";
import { startIngestListener } from "@/lib/testing/serving-process";

import { openBenchTenant } from "./bench-tenant";
import { median, printFigure } from "./figures";

const ROUNDS = 3;
const REQUESTS = Number(process.env.BENCH_LINK_REQUESTS ?? 200);
const DOWNLOADS = Number(process.env.BENCH_DOWNLOADS ?? 400);
const STREAMS = 4;
const LINKS_A_REQUEST = 50;
const FILE_BYTES = 100_000;
const HOSTS = 8;
const AT_ONCE = 8;

/**
 * Links accepted over HTTP, with identifiers, against the same rows written by
 * a bare script; and files downloaded from loopback hosts by the worker, until
 * they are completed, against a bare undici loop that writes as many at once
 * to the same disk, synced and renamed.
 */
export async function benchMediaLinks(): Promise<void> {
  const { ctx, dataDir, databaseUrl, close } = await openBenchTenant();
  const { body } = contentOf("/", FILE_BYTES);
  const origin = await startLinkOrigin((_, response) => {
    response.end(body);
  }, HOSTS);
  const settings = {
    DATA_DIR: dataDir,
    DATABASE_URL: databaseUrl,
    LOG_LEVEL: "warn",
    MEDIA_LINKS_WAIT_SECONDS: "0",
    OUTBOUND_ALLOW: "127.0.0.1",
    OUTBOUND_PORTS: origin.ports.join(","),
    MEDIA_DOWNLOADS: String(AT_ONCE),
  };
  Object.assign(process.env, settings);
  try {
    await benchLinks(ctx, { ...process.env, ...settings });
    await benchDownloads(ctx, origin, dataDir);
  } finally {
    await origin.close();
    await close();
  }
}

async function benchLinks(ctx: Context, env: NodeJS.ProcessEnv): Promise<void> {
  const { provider, secret } = await createProvider(ctx, {
    name: "bench",
    sourceIds: [],
  });
  const { child, port } = await startIngestListener({ env });
  const agent = new Agent({ connections: STREAMS });
  const call = async (method: "PUT" | "POST", path: string, body: unknown) => {
    const answer = await request(`http://127.0.0.1:${port}${path}`, {
      method,
      dispatcher: agent,
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${token}`,
      },
      body: JSON.stringify(body),
    });
    if (answer.statusCode >= 300) throw new Error(await answer.body.text());
    return answer.body.json();
  };
  let token = "";
  const given = (await call("POST", "/dataProviders/tokens", {
    id: provider.id,
    secret,
  })) as { result: { accessToken: string } };
  token = given.result.accessToken;

  const rates = { ours: [] as number[], bare: [] as number[] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    const ours = await rateOf(() =>
      call("PUT", "/media/uploads/links", { links: makeLinks() }),
    );
    const bare = await rateOf(() => insertBare(ctx.db, ctx.tenantId));
    // The first round warms both up.
    if (round === 0) continue;
    rates.ours.push(ours);
    rates.bare.push(bare);
  }
  child.kill("SIGTERM");
  await agent.close();
  await ctx.db.rows("truncate media_files");
  printFigure(`media links accepted over HTTP, ${LINKS_A_REQUEST} a request`, {
    linksPerSecond: Math.round(median(rates.ours)),
    bareLinksPerSecond: Math.round(median(rates.bare)),
    ratio: median(rates.ours) / median(rates.bare),
  });
}

/** Links a second when several streams do `send`, each after the other. */
async function rateOf(send: () => Promise<unknown>): Promise<number> {
  let left = REQUESTS;
  const begunMs = performance.now();
  await Promise.all(
    Array.from({ length: STREAMS }, async () => {
      while (left-- > 0) await send();
    }),
  );
  return (REQUESTS * LINKS_A_REQUEST * 1_000) / (performance.now() - begunMs);
}

function makeLinks() {
  return Array.from({ length: LINKS_A_REQUEST }, () => {
    const uniqueIdentifier = `${randomUUID()}.jpg`;
    const link = `https://images.example.com/catalogue/${uniqueIdentifier}`;
    return { link, filename: uniqueIdentifier, uniqueIdentifier };
  });
}

/** What must be written for one request, and nothing else. */
async function insertBare(db: Db, tenantId: string): Promise<void> {
  await db.rows(
    `insert into media_files (tenant_id, id, unique_identifier, filename, origin,
       state, source_url, host, due_at, actor_id, actor_name)
     select $1, gen_random_uuid(), r."uniqueIdentifier", r.filename, 'link',
       'created', r.link, 'images.example.com:443', now(), 'bench', 'bench'
     from jsonb_to_recordset($2::text::jsonb)
       as r(link text, filename text, "uniqueIdentifier" text)`,
    [tenantId, JSON.stringify(makeLinks())],
  );
}

async function benchDownloads(
  ctx: Context,
  origin: LinkOrigin,
  dataDir: string,
): Promise<void> {
  // Reads the settings, which are set by now.
  const { mediaDownloadsJob } = await import("@/lib/server/media/worker");
  const { submitLinks } = await import("@/lib/server/media/service");
  const stopping = new AbortController();
  const job = mediaDownloadsJob()(ctx.db, stopping.signal);
  const rates = { ours: [] as number[], bare: [] as number[] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    const links = Array.from({ length: DOWNLOADS }, (_, at) => ({
      link: origin.url(`/${round}/${at}`, at),
      filename: `${at}.bin`,
    }));
    const bare = await timed(() => downloadBare(links, join(dataDir, "bare")));
    const ours = await timed(async () => {
      for (let from = 0; from < links.length; from += LINKS_A_REQUEST)
        await submitLinks(ctx, links.slice(from, from + LINKS_A_REQUEST));
      await untilCompleted(ctx.db, (round + 1) * DOWNLOADS);
    });
    if (round === 0) continue;
    rates.ours.push((DOWNLOADS * 1_000) / ours);
    rates.bare.push((DOWNLOADS * 1_000) / bare);
  }
  stopping.abort();
  await job;
  printFigure(`downloads of ${FILE_BYTES / 1_000} KB, ${AT_ONCE} at once`, {
    filesPerSecond: Math.round(median(rates.ours)),
    bareFilesPerSecond: Math.round(median(rates.bare)),
    ratio: median(rates.ours) / median(rates.bare),
  });
}

async function timed(work: () => Promise<void>): Promise<number> {
  const begunMs = performance.now();
  await work();
  return performance.now() - begunMs;
}

async function untilCompleted(db: Db, count: number): Promise<void> {
  for (;;) {
    const [row] = await db.rows<{ n: number }>(
      "select count(*) as n from media_files where state = 'completed'",
    );
    if ((row?.n ?? 0) >= count) return;
    await delay(10);
  }
}

/** Hashed, synced and renamed like ours; the folders stay. */
async function downloadBare(
  links: { link: string }[],
  dir: string,
): Promise<void> {
  await mkdir(dir, { recursive: true });
  const agent = new Agent({ connections: 2 });
  let next = 0;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (next < links.length) {
        const { link } = links[(next += 1) - 1] ?? { link: "" };
        const { body } = await request(link, { dispatcher: agent });
        const path = join(dir, randomUUID());
        const file = await open(`${path}.tmp`, "wx");
        const hash = createHash("sha256");
        for await (const chunk of body as AsyncIterable<Buffer>) {
          hash.update(chunk);
          await file.write(chunk);
        }
        hash.digest("hex");
        await file.sync();
        await file.close();
        await rename(`${path}.tmp`, path);
      }
    }),
  );
  await agent.close();
}
