import { z } from "zod";

/** One thing that was tried, in words. */
export type ProviderCheck = {
  /** Identifier of the source that was tried; `null` for the sign-in itself. */
  source: string | null;
  isOk: boolean;
  message: string;
};

const tokenReplySchema = z.object({
  result: z.object({ accessToken: z.string() }),
});

type Answer = { status: number; headers: Headers; body: unknown };

/**
 * Does what a machine would: fetches a token with the secret, then sends an
 * empty import to each source. Nothing is changed in any source. Ends after the
 * first check when no token was given.
 */
export async function* testProvider(args: {
  providerId: string;
  secret: string;
  /** Identifiers of the sources the provider may import into. */
  sources: string[];
  signal?: AbortSignal;
  fetch?: typeof fetch;
}): AsyncGenerator<ProviderCheck> {
  const { providerId, secret, sources, signal } = args;
  const post = createPost(args.fetch ?? fetch, signal);

  const login = await post("/dataProviders/tokens", {
    id: providerId,
    secret: secret.trim(),
  });
  const token = tokenReplySchema.safeParse(login?.body);
  if (login?.status !== 200 || !token.success) {
    yield { source: null, isOk: false, message: loginProblem(login) };
    return;
  }
  yield {
    source: null,
    isOk: true,
    message: "The id and the secret are right: a token was issued.",
  };

  const { accessToken } = token.data.result;
  for (const source of sources) {
    const answer = await post(
      `/import/${source}`,
      { entities: [] },
      { authorization: `Bearer ${accessToken}` },
    );
    const isOk = answer?.status === 202;
    yield {
      source,
      isOk,
      message: isOk
        ? "Takes imports from this provider."
        : importProblem(answer),
    };
  }
}

function createPost(send: typeof fetch, signal?: AbortSignal) {
  return async function post(
    path: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer | undefined> {
    try {
      const response = await send(path, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
        credentials: "omit",
        cache: "no-store",
        signal: signal ?? null,
      });
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        body: readJson(text),
      };
    } catch (error) {
      if (signal?.aborted) throw error;
      return undefined; // Said in words by the caller: nothing answered.
    }
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // A proxy's HTML page, say: its status tells enough.
  }
}

const NOT_REACHED =
  "The server could not be reached. Check the connection, then try again.";

function loginProblem(answer: Answer | undefined): string {
  switch (answer?.status) {
    case undefined:
      return NOT_REACHED;
    case 400:
    case 401:
      return "The secret was refused. It is mistyped, was revoked, or belongs to another provider.";
    case 429:
      return `Too many tries with a wrong secret. ${waitFor(answer)}`;
    default:
      return unexpected(answer);
  }
}

function importProblem(answer: Answer | undefined): string {
  switch (answer?.status) {
    case undefined:
      return NOT_REACHED;
    case 401:
      return "The token was refused: the secret has just been revoked.";
    case 403:
      return "Refused: this provider may no longer import into it, or the source was deleted.";
    case 429:
      return `The server has too much to do just now. ${waitFor(answer)}`;
    default:
      return unexpected(answer);
  }
}

function waitFor(answer: Answer): string {
  const seconds = Number(answer.headers.get("retry-after"));
  return seconds > 0
    ? `Try again in ${seconds} seconds.`
    : "Try again in a minute.";
}

function unexpected(answer: Answer | undefined): string {
  return `The server answered with status ${answer?.status ?? 0}. Try again in a moment.`;
}
