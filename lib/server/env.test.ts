import { ZodError } from "zod";
import { describe, expect, test } from "vitest";

import { readEnv } from "./env";

const KEYS = { S3_ACCESS_KEY_ID: "id", S3_SECRET_ACCESS_KEY: "secret" };

function namesOf(values: Record<string, string>): string[] {
  try {
    readEnv(values);
    return [];
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    return error.issues.map(({ path }) => path.join("."));
  }
}

describe("the settings of the file store", () => {
  test("are none for files on disk", () => {
    expect(readEnv({}).MEDIA_STORE).toBe("disk");
    expect(namesOf({ S3_BUCKET: "left-over" })).toEqual([]);
  });

  test("name everything that an S3 store lacks", () => {
    expect(namesOf({ MEDIA_STORE: "s3" })).toEqual(["S3_BUCKET"]);
    expect(
      namesOf({ MEDIA_STORE: "s3", S3_ENDPOINT: "http://minio:9000" }),
    ).toEqual(["S3_BUCKET", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"]);
    expect(
      namesOf({
        ...{ MEDIA_STORE: "s3", S3_BUCKET: "b" },
        ...{ S3_ACCESS_KEY_ID: "id", S3_SECRET_ACCESS_KEY: "" },
      }),
    ).toEqual(["S3_SECRET_ACCESS_KEY"]);
    expect(
      namesOf({
        ...{ MEDIA_STORE: "s3", S3_BUCKET: "b", ...KEYS },
        S3_ENDPOINT: "ftp://minio",
      }),
    ).toEqual(["S3_ENDPOINT"]);
  });

  test("may leave the keys to the machine's identity at Amazon", () => {
    expect(namesOf({ MEDIA_STORE: "s3", S3_BUCKET: "b" })).toEqual([]);
    expect(namesOf({ MEDIA_STORE: "s3", S3_BUCKET: "b", ...KEYS })).toEqual([]);
  });
});
