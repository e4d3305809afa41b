import type { WireMount } from "./wire-mounts";
import type { WireProvider } from "./wire-provider";

export type WireEnvelope<T> = {
  result: T;
  errors: {
    message: string;
    details?: { propertyName: string; message: string };
  }[];
  requestId: string;
  statusCode?: number;
};

export type WireReply<T> = { status: number; text: string } & WireEnvelope<T>;

/** A client of the ingest API at one mount, with a provider's token. */
export type WireClient = {
  token: string;
  ask<T = unknown>(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<WireReply<T>>;
};

export async function createWireClient(
  mount: WireMount,
  { id, secret }: Pick<WireProvider, "id" | "secret">,
): Promise<WireClient> {
  const send = async <T>(
    method: string,
    path: string,
    body: unknown,
    token?: string,
  ): Promise<WireReply<T>> => {
    const response = await mount.fetch(path, {
      method,
      headers: {
        "content-type": "application/json; charset=utf-8",
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && {
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
    });
    const text = await response.text();
    const envelope = (text === "" ? {} : JSON.parse(text)) as WireEnvelope<T>;
    return { ...envelope, status: response.status, text };
  };
  const { result } = await send<{ accessToken: string }>(
    "POST",
    "/dataProviders/tokens",
    { id, secret },
  );
  const token = result.accessToken;
  return {
    token,
    ask: (method, path, body) => send(method, path, body, token),
  };
}
