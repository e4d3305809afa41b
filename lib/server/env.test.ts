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

describe("the addresses under which others reach us", () => {
  test.each(["PUBLIC_URL", "PUBLIC_INGEST_URL", "MEDIA_URL"])(
    "%s is a whole one of the web, or stops the start",
    (name) => {
      for (const good of [
        "https://media.example.com",
        "http://10.1.2.3:8080/",
        "https://cdn.example.com/media/",
      ])
        expect(namesOf({ [name]: good })).toEqual([]);
      for (const bad of [
        "media.example.com",
        "media.example.com:8443",
        "ftp://media.example.com",
        "javascript:alert(1)",
        "https://media.example.com/?a=b",
        "https://media.example.com/#here",
        "https://user:word@media.example.com",
      ])
        expect(namesOf({ [name]: bad }), bad).toEqual([name]);
    },
  );
});

describe("the settings of outbound connections", () => {
  test("are read into lists, the web's ports by default", () => {
    const byDefault = readEnv({});
    expect(byDefault.OUTBOUND_PORTS.has(443)).toBe(true);
    expect(byDefault.OUTBOUND_PORTS.has(8080)).toBe(false);
    const { OUTBOUND_ALLOW } = readEnv({ OUTBOUND_ALLOW: "10.0.0.0/8" });
    expect(OUTBOUND_ALLOW.hasAddress("10.1.2.3")).toBe(true);
  });

  test("stop the start with a sentence when they cannot be read", () => {
    const values = {
      OUTBOUND_ALLOW: "10.0.0.0/33",
      OUTBOUND_DENY: "a b",
      OUTBOUND_PORTS: "https",
      ENDPOINT_HOSTS: "https://ingest.example.com",
    };
    expect(namesOf(values)).toEqual(Object.keys(values));
    expect(() => readEnv(values)).toThrow(/10.0.0.0\/33.* is no network/);
  });
});
