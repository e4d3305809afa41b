import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const APP = fileURLToPath(new URL("../app", import.meta.url));
const METHODS = /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)$/;

export type AppRoute = {
  /** Such as `/sources/[sourceId]`. */
  pattern: string;
  /** `GET` alone for a page. */
  methods: string[];
  isPage: boolean;
};

/** Every page and every route handler, read from the folder `app`. */
export function listAppRoutes(): AppRoute[] {
  const files = readdirSync(APP, { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => /(?:^|\/)(?:page\.tsx|route\.tsx?)$/.test(file))
    .sort()
    .map((file) => {
      const isPage = file.endsWith("page.tsx");
      const methods = isPage ? ["GET"] : methodsOf(join(APP, file));
      return { pattern: patternOf(file), methods, isPage };
    });
}

/** Every address that the values make of a pattern; a name without values is an error. */
export function addressesOf(
  pattern: string,
  values: Record<string, string[]>,
): string[] {
  const [, name] = /\[(?:\.\.\.)?(\w+)\]/.exec(pattern) ?? [];
  if (name === undefined) return [pattern];
  const known = values[name] ?? [];
  if (known.length === 0)
    throw new Error(`Nothing is known to put into ${pattern} for ${name}.`);
  return known.flatMap((value) =>
    addressesOf(
      pattern.replace(/\[(?:\.\.\.)?\w+\]/, () => value),
      values,
    ),
  );
}

function patternOf(file: string): string {
  const parts = dirname(file)
    .split("/")
    .filter((part) => part !== "." && !/^\(.*\)$/.test(part));
  return `/${parts.join("/")}`;
}

function methodsOf(path: string): string[] {
  const code = readFileSync(path, "utf8");
  const single = [
    ...code.matchAll(/export (?:const|async function|function) (\w+)/g),
  ].map(([, name = ""]) => name);
  const lists = [...code.matchAll(/export \{([^}]*)\}/g)].flatMap(
    ([, names = ""]) =>
      names.split(",").map((name) => name.trim().split(" ").at(-1) ?? ""),
  );
  const methods = [...single, ...lists].filter((name) => METHODS.test(name));
  if (methods.length === 0)
    throw new Error(`No method is read from ${relative(APP, path)}.`);
  return methods;
}
