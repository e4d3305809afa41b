import "server-only";

import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";

import { z } from "zod";

import { MEDIA_LIMITS } from "@/lib/domain/limits";

import { parseAddressList, parsePortList } from "./outbound/address-rules";
import { parseEndpointHosts } from "./outbound/endpoint-hosts";

/** A base to which paths are added; a path of its own and a last slash may be there. */
const baseUrlSchema = z.string().refine(isBaseUrl, {
  error:
    "must begin with http:// or https:// and have no user name, ? or #, such as https://studio.example.com",
});

const portSchema = z.coerce.number().int().min(0).max(65_535);

/** A setting that is read by a parser, whose sentence is the problem that is shown. */
function textOf<T>(parse: (text: string) => T, byDefault: string) {
  return z
    .string()
    .default(byDefault)
    .transform((text, ctx): T => {
      try {
        return parse(text);
      } catch (error) {
        ctx.addIssue(error instanceof Error ? error.message : "is malformed");
        return z.NEVER;
      }
    });
}

const settingsSchema = z.object({
  NODE_ENV: z.string().default("development"),
  PORT: portSchema.default(3000),
  INGEST_PORT: portSchema.default(3001),
  /** The one address of this machine that both ports listen on; all of them without it. */
  LISTEN_ADDRESS: z
    .union([z.ipv4(), z.ipv6(), z.literal("localhost")], {
      error: "must be an address of this machine, such as 127.0.0.1",
    })
    .optional(),
  /** Processes that answer the ingest API on that port. */
  INGEST_PROCESSES: z.coerce
    .number()
    .int()
    .min(1)
    .max(64)
    .default(availableParallelism() >= 4 ? 2 : 1),
  /** Everything the Studio keeps: database, keys, files. */
  DATA_DIR: z
    .string()
    .default("./data")
    .transform((path) => resolve(path)),
  /** A PostgreSQL 15 or newer; the embedded server is used when it is missing. */
  DATABASE_URL: z.string().optional(),
  /** Where people open the Studio when it stands behind a proxy, such as https://studio.example.com. */
  PUBLIC_URL: baseUrlSchema.optional(),
  /** Where machines reach the ingest API; shown in the snippets. */
  PUBLIC_INGEST_URL: baseUrlSchema.optional(),
  /** Where browsers fetch media files: best a host of its own. The ingest listener answers it. */
  MEDIA_URL: baseUrlSchema.optional(),
  /** Where the bytes of media files are kept: below DATA_DIR, or in an S3-compatible store. */
  MEDIA_STORE: z.enum(["disk", "s3"]).default("disk"),
  S3_BUCKET: z.string().optional(),
  /** Of a store that is not Amazon's. */
  S3_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  S3_REGION: z.string().default("us-east-1"),
  /** Both or none: a machine of Amazon's may have an identity of its own. */
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  /** Largest media file that is taken, in bytes. */
  MEDIA_FILE_BYTES_MAX: z.coerce
    .number()
    .int()
    .min(1)
    .max(MEDIA_LIMITS.fileBytesMax)
    .default(MEDIA_LIMITS.fileBytesMax),
  /** Downloads of links that one process runs at once. */
  MEDIA_DOWNLOADS: z.coerce.number().int().min(1).max(100).default(8),
  /** How long the call that takes links waits for files that arrive in time. */
  MEDIA_LINKS_WAIT_SECONDS: z.coerce
    .number()
    .min(0)
    .max(MEDIA_LIMITS.linksWaitSecondsMax)
    .default(MEDIA_LIMITS.linksWaitSecondsMax),
  /** Days that failed and cancelled media files are kept in the list. */
  MEDIA_FAILED_DAYS: z.coerce.number().int().min(1).max(36_500).default(30),
  /** Networks, addresses and hosts that links may name although they are not public, separated by commas. */
  OUTBOUND_ALLOW: textOf(parseAddressList, ""),
  /** Networks, addresses and hosts that links may never name, allowed or not. */
  OUTBOUND_DENY: textOf(parseAddressList, ""),
  /** Ports that links may name, single or as ranges. */
  OUTBOUND_PORTS: textOf(parsePortList, "80,443"),
  /** The hosts at which endpoints may be; every one without it. */
  ENDPOINT_HOSTS: textOf(parseEndpointHosts, ""),
  /** Days that the log of the ingest API is kept; one at least, for idempotency keys. */
  IMPORT_LOG_DAYS: z.coerce.number().int().min(1).max(36_500).default(90),
  /** Made by the start for the first account; see setup-code.ts. */
  SETUP_CODE: z.string().min(20).optional(),
  /** `trace` … `fatal`. */
  LOG_LEVEL: z.string().default("info"),
});

/** What only together makes sense. */
const envSchema = settingsSchema.superRefine((settings, check) => {
  if (settings.MEDIA_STORE !== "s3") return;
  const hasId = settings.S3_ACCESS_KEY_ID !== undefined;
  const hasSecret = settings.S3_SECRET_ACCESS_KEY !== undefined;
  const needsKeys = settings.S3_ENDPOINT !== undefined || hasId || hasSecret;
  const missing = [
    ...(settings.S3_BUCKET === undefined ? ["S3_BUCKET"] : []),
    ...(needsKeys && !hasId ? ["S3_ACCESS_KEY_ID"] : []),
    ...(needsKeys && !hasSecret ? ["S3_SECRET_ACCESS_KEY"] : []),
  ];
  for (const name of missing) {
    check.addIssue({
      code: "custom",
      path: [name],
      message: "it is missing, and MEDIA_STORE=s3 needs it",
    });
  }
});

export type Env = z.output<typeof envSchema>;

let parsed: Env | undefined;

/**
 * The settings, read once on first use and not on import: `next build` imports
 * every route. The only reader of the settings in `process.env`
 * and the file `.env`.
 *
 * @throws {ZodError} a setting is malformed; the start command prints it.
 */
export function env(): Env {
  if (parsed) return parsed;
  // Never replaces what the environment says; tests depend on no file.
  if (process.env["NODE_ENV"] !== "test" && existsSync(".env"))
    process.loadEnvFile(".env");
  return (parsed = readEnv(process.env));
}

/**
 * Settings out of names and texts; blank ones count as not set.
 *
 * @throws {ZodError} one is malformed or missing.
 */
export function readEnv(values: Record<string, string | undefined>): Env {
  return envSchema.parse(withoutBlanks(values));
}

// A host without scheme, such as `cdn:8443`, is a URL too, of the scheme `cdn:`.
function isBaseUrl(text: string): boolean {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  return username === "" && password === "" && !/[?#\s]/.test(text);
}

function withoutBlanks(
  values: Record<string, string | undefined>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== ""),
  );
}
