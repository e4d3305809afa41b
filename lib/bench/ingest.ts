import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { Agent, request } from "node:http";

import type { Entity } from "@/lib/domain/entity";
import { valueName } from "@/lib/domain/identifiers";
import { createPool } from "@/lib/server/db/client";
import { createProvider } from "@/lib/server/providers/service";
import { createSource } from "@/lib/server/sources/service";
import { startScript, startServing } from "@/lib/testing/serving-process";

import { openBenchTenant } from "./bench-tenant";
import { MERGE_BARE } from "./bare-statement";
import { median, printFigure } from "./figures";

const BATCH = 1_000;
const BATCHES = Number(process.env.BENCH_BATCHES ?? 20);
const ROUNDS = 3;
const STREAMS = 4;
const SINGLES = Number(process.env.BENCH_SINGLES ?? 6_000);
const IN_FLIGHT = 32;

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

type Target = { port: number; path: string; token: string };

/**
 * Figures (a) and (b): imports over HTTP on the ingest listener against the
 * same merge statement fired by a bare script, and single-entity posts against
 * a bare node:http handler. Everything runs in this one go, interleaved.
 */
export async function benchIngest(): Promise<void> {
  const { ctx, dataDir, databaseUrl, pool, close } = await openBenchTenant();
  const env = {
    ...process.env,
    DATA_DIR: dataDir,
    DATABASE_URL: databaseUrl,
    LOG_LEVEL: "warn",
  };
  const children: ChildProcess[] = [];
  try {
    const ingestPort = await startChild(
      children,
      "lib/server/ingest-listener/main.ts",
      env,
      "INGEST_PORT",
    );
    const barePort = await startChild(
      children,
      "lib/bench/bare-handler.ts",
      { ...env, BARE_TENANT: ctx.tenantId },
      "BARE_PORT",
    );
    const identifiers = Array.from({ length: STREAMS }, (_, n) => `bench-${n}`);
    const sources = await Promise.all(
      identifiers.map((identifier) =>
        createSource(ctx, {
          identifier,
          name: identifier,
          originSystem: "",
          description: "",
        }),
      ),
    );
    const { provider, secret } = await createProvider(ctx, {
      name: "bench",
      sourceIds: sources.map(({ id }) => id),
    });
    const token = await getToken(ingestPort, provider.id, secret);
    const targets = identifiers.map((identifier) => ({
      port: ingestPort,
      path: `/import/${identifier}`,
      token,
    }));
    const [first] = targets;
    if (!first) throw new Error("There is at least one stream.");

    await benchBatches(first, pool, ctx.tenantId);
    await benchStreams(targets);
    await benchSingles(first, barePort, await startNext(children, env));
  } finally {
    for (const child of children) child.kill("SIGTERM");
    await close();
  }
}

async function benchBatches(
  target: Target,
  pool: ReturnType<typeof createPool>,
  tenantId: string,
): Promise<void> {
  const bareSource = crypto.randomUUID();
  const client = await pool.connect();
  const times: Record<string, { ours: number[]; bare: number[] }> = {};
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const phase of ["new", "existing", "same"] as const) {
      const salt = `${round}${phase === "same" ? "existing" : phase}`;
      const figures = (times[phase] ??= { ours: [], bare: [] });
      for (let batch = 0; batch < BATCHES; batch += 1) {
        const entities = makeEntities(`r${round}b${batch}`, salt);
        const body = JSON.stringify({ entities });
        const bare = async () => {
          const begun = performance.now();
          await client.query("begin");
          await client.query(MERGE_BARE, [
            tenantId,
            bareSource,
            bareJson(entities),
          ]);
          await client.query("commit");
          figures.bare.push(performance.now() - begun);
        };
        const ours = async () => {
          const begun = performance.now();
          await post(target, body);
          figures.ours.push(performance.now() - begun);
        };
        // Whoever goes second finds warm caches: take turns.
        for (const run of batch % 2 ? [bare, ours] : [ours, bare]) await run();
      }
    }
  }
  client.release();
  for (const [phase, { ours, bare }] of Object.entries(times)) {
    printFigure(`import of 1,000 x 20, ${phase} entities, over HTTP`, {
      entitiesPerSecond: Math.round((BATCH * 1_000) / median(ours)),
      bareEntitiesPerSecond: Math.round((BATCH * 1_000) / median(bare)),
      ratio: median(bare) / median(ours),
    });
  }
}

async function benchStreams(targets: Target[]): Promise<void> {
  const rates: Record<string, number[]> = { single: [], streams: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, used] of [
      ["single", targets.slice(0, 1)],
      ["streams", targets],
    ] as const) {
      const bodies = Array.from({ length: BATCHES }, (_, batch) =>
        JSON.stringify({
          entities: makeEntities(`s${round}${name}${batch}`, "s"),
        }),
      );
      const begun = performance.now();
      await Promise.all(
        used.map(async (target) => {
          for (const body of bodies) await post(target, body);
        }),
      );
      const seconds = (performance.now() - begun) / 1_000;
      rates[name]?.push((used.length * BATCHES * BATCH) / seconds);
    }
  }
  const single = median(rates.single ?? []);
  const streams = median(rates.streams ?? []);
  printFigure(`import by ${STREAMS} streams into ${STREAMS} sources`, {
    entitiesPerSecond: Math.round(streams),
    singleStreamEntitiesPerSecond: Math.round(single),
    ratio: streams / single,
  });
}

async function benchSingles(
  target: Target,
  barePort: number,
  nextPort: number,
): Promise<void> {
  const body = (n: number, salt: string) =>
    JSON.stringify({ entities: makeEntities(`single${n}`, salt, 1) });
  const rates: { ours: number[]; bare: number[]; next: number[] } = {
    ours: [],
    bare: [],
    next: [],
  };
  for (let round = 0; round <= ROUNDS; round += 1) {
    const bare = { ...target, port: barePort, path: "/" };
    const next = { ...target, port: nextPort };
    for (const [name, to] of [
      ["ours", target],
      ["bare", bare],
      ...(nextPort ? [["next", next] as const] : []),
    ] as const) {
      const rate = await postMany(to, (n) => body(n, `${round}`));
      // The first round warms both up.
      if (round > 0) rates[name].push(rate);
    }
  }
  printFigure("single-entity imports, 32 in flight, ingest listener", {
    postsPerSecond: Math.round(median(rates.ours)),
    barePostsPerSecond: Math.round(median(rates.bare)),
    ratio: median(rates.ours) / median(rates.bare),
  });
  if (nextPort) {
    printFigure("single-entity imports, 32 in flight, through the Next route", {
      postsPerSecond: Math.round(median(rates.next)),
      barePostsPerSecond: Math.round(median(rates.bare)),
      ratio: median(rates.next) / median(rates.bare),
    });
  }
}

async function postMany(
  target: Target,
  body: (n: number) => string,
): Promise<number> {
  let next = 0;
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (next < SINGLES) {
        const n = next;
        next += 1;
        await post(target, body(n));
      }
    }),
  );
  return SINGLES / ((performance.now() - begun) / 1_000);
}

function makeEntities(prefix: string, salt: string, count = BATCH): Entity[] {
  return Array.from({ length: count }, (_, row) => ({
    key: `${prefix}-${row}`,
    delete: false,
    properties: Array.from({ length: 20 }, (_, column) => ({
      id: `property_${column}`,
      language: column < 6 ? (["sv", "en", "de"][column % 3] ?? null) : null,
      value: `${salt} value ${column} of row ${row}, lorem ipsum dolor ${row * column}`,
    })),
  }));
}

function bareJson(entities: Entity[]): string {
  return JSON.stringify(
    entities.map(({ key, properties }) => ({
      k: key,
      p: Object.fromEntries(
        properties.map(({ id, language, value }) => [
          valueName(id, language),
          value,
        ]),
      ),
    })),
  );
}

async function getToken(
  port: number,
  id: string,
  secret: string,
): Promise<string> {
  const answer = await post(
    { port, path: "/dataProviders/tokens", token: "" },
    JSON.stringify({ id, secret }),
  );
  return (JSON.parse(answer) as { result: { accessToken: string } }).result
    .accessToken;
}

function post(target: Target, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        agent,
        port: target.port,
        path: target.path,
        method: "POST",
        headers: {
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
          ...(target.token ? { authorization: `Bearer ${target.token}` } : {}),
        },
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("end", () => {
          const text = Buffer.concat(parts).toString();
          if ((response.statusCode ?? 500) < 300) resolve(text);
          else reject(new Error(`${response.statusCode}: ${text}`));
        });
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

async function startChild(
  children: ChildProcess[],
  script: string,
  env: NodeJS.ProcessEnv,
  portSetting: string,
): Promise<number> {
  const { child, port } = await startScript(script, { env, portSetting });
  children.push(child);
  return port;
}

/** The Studio's own port; 0 without a build. */
async function startNext(
  children: ChildProcess[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  if (!existsSync(".next/BUILD_ID")) {
    process.stderr.write(
      "There is no build of the Studio, so the Next route is left out. Run npm run build first.\n",
    );
    return 0;
  }
  const args = ["node_modules/next/dist/bin/next", "start"];
  const { child, port } = await startServing(args, {
    env,
    portSetting: "PORT",
  });
  children.push(child);
  return port;
}
