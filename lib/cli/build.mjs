import { createHash } from "node:crypto";
import {
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

import { run } from "./install.mjs";

const SOURCES = [
  ...["app", "components", "lib", "public"],
  ...["next.config.mjs", "tailwind.config.ts", "tsconfig.json"],
  ...["package.json", "package-lock.json"],
];
const NOT_BUILT = /\.test\.tsx?$|^lib\/(cli|testing|bench)\//;
const STAMP = ".next/built-from";

/** Runs `next build` unless the last build was made from the very same sources. */
export function buildStudio() {
  const hash = hashSources();
  if (existsSync(".next/BUILD_ID") && readStamp() === hash) return;
  console.log("Building the Studio (about half a minute) …");
  run(process.execPath, ["node_modules/next/dist/bin/next", "build"], {
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
  });
  writeFileSync(STAMP, hash);
}

function readStamp() {
  return existsSync(STAMP) ? readFileSync(STAMP, "utf8") : undefined;
}

function hashSources() {
  const hash = createHash("sha256").update(process.versions.node);
  for (const path of SOURCES.flatMap(listFiles)) {
    hash.update(`${path}\0`).update(readFileSync(path)).update("\0");
  }
  return hash.digest("hex");
}

function listFiles(path) {
  if (!existsSync(path) || NOT_BUILT.test(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => listFiles(join(path, name)));
}
