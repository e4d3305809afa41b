import { z } from "zod";

import { sourceIdentifierSchema } from "./identifiers";
import type { RemoteAnswer } from "./remote-answer";

const SECRET_CHARS_MAX = 1_000;
export const ENDPOINT_SOURCES_MAX = 100;

/** Where an ingest API is: what stands before `/dataProviders` and `/import`. */
export const endpointUrlSchema = z
  .string()
  .trim()
  .max(500, "Keep the address under 500 characters.")
  .refine(isEndpointUrl, {
    error:
      "Give the address before /import, beginning with https://, such as https://ingest.example.com, without a user name, ? or #.",
  })
  .transform(normalUrl);

export const endpointInputSchema = z.object({
  name: z
    .string()
    .trim()
    .min(1, "Give the endpoint a name.")
    .max(100, "Keep the name under 100 characters."),
  url: endpointUrlSchema,
  /** As the other side gave it out. */
  providerId: z
    .string()
    .trim()
    .min(1, "Give the provider id.")
    .max(200, "Keep the provider id under 200 characters."),
  /** Left out: the stored one stays, as long as scheme, host and port do. Never trimmed. */
  secret: z
    .string()
    .min(1, "Give the secret.")
    .max(
      SECRET_CHARS_MAX,
      `A secret has at most ${SECRET_CHARS_MAX} characters.`,
    )
    .refine((text) => text.isWellFormed() && !text.includes("\0"), {
      error: "The secret holds a character that no text can hold.",
    })
    .optional(),
  /** Identifiers of the sources there that may be written. */
  sources: z
    .array(sourceIdentifierSchema)
    .max(ENDPOINT_SOURCES_MAX, `List at most ${ENDPOINT_SOURCES_MAX} sources.`),
});
export type EndpointInput = z.output<typeof endpointInputSchema>;

/** The same as the form has it: the secret may stay empty, the sources are lines. */
export const endpointFormSchema = endpointInputSchema
  .omit({ secret: true, sources: true })
  .extend({ secret: z.string(), sources: z.string().max(30_000) })
  .superRefine((form, check) => {
    const parsed = endpointInputSchema.safeParse(readEndpointForm(form));
    for (const { path, message } of parsed.error?.issues ?? []) {
      const [field, line] = path;
      const place = typeof line === "number" ? `Line ${line + 1}: ` : "";
      check.addIssue({
        ...{ code: "custom", message: place + message },
        path: [field ?? "name"],
      });
    }
  });
export type EndpointForm = z.input<typeof endpointFormSchema>;

export function readEndpointForm({
  secret,
  sources,
  ...rest
}: EndpointForm): EndpointInput {
  const lines = sources
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return {
    ...{ ...rest, sources: [...new Set(lines)] },
    ...(secret === "" ? {} : { secret }),
  };
}

/** An endpoint as it travels to the browser: never with the secret. */
export const endpointSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  url: z.string(),
  providerId: z.string(),
  /** The secret's last four characters; `null` while none is stored. */
  secretEnd: z.string().nullable(),
  sources: z.array(z.object({ id: z.uuid(), identifier: z.string() })),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Endpoint = z.output<typeof endpointSchema>;

/** What a test of the connection found: the token, then each source. */
export type EndpointTest = {
  signIn: RemoteAnswer;
  sources: { identifier: string; answer: RemoteAnswer }[];
};

/** What a secret is bound to: scheme, host and port. */
export function endpointOrigin(url: string): string {
  const { protocol, hostname, port } = new URL(url);
  return `${protocol}//${hostname}:${port || (protocol === "https:" ? "443" : "80")}`;
}

/** Host and port: what is reached or not, whoever asks. */
export function endpointHost(url: string): string {
  return endpointOrigin(url).replace(/^https?:\/\//, "");
}

/** Whether secrets sent there can be read on the way. */
export function isPlainHttp(url: string): boolean {
  return url.startsWith("http:");
}

function isEndpointUrl(text: string): boolean {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return false;
  const { username, password, search, hash } = new URL(text);
  return username + password + search + hash === "" && !/[?#\\]/.test(text);
}

function normalUrl(text: string): string {
  return new URL(text).toString().replace(/\/+$/, "");
}
