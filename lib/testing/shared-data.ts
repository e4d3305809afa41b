import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("../../../shared/data/", import.meta.url);

/** A file of the shared test data, which lies beside the project. */
export function readSharedData(path: string): string {
  return readSharedBytes(path).toString("utf8");
}

/** The same for a file that is no text. */
export function readSharedBytes(path: string): Buffer {
  const file = fileURLToPath(new URL(path, root));
  if (!existsSync(file)) {
    throw new Error(
      `The test data ${file} is missing. Put the folder shared/data beside the project's folder.`,
    );
  }
  return readFileSync(file);
}

/** The cases of a file with one JSON object a line. */
export function readSharedCases<T>(path: string): T[] {
  return readSharedData(path)
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as T);
}
