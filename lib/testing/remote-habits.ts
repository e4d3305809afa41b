import { setTimeout as delay } from "node:timers/promises";

import type { Entity } from "@/lib/domain/entity";

import { refusal, well, type Habit } from "./scripted-remote";

/** A gateway's page instead of the envelope. */
export function page(status: number, title = "Bad Gateway"): Habit {
  return ({ answer }) => {
    answer(
      status,
      `<html><head><style>b{}</style></head><h1>${status} ${title}</h1></html>`,
    );
  };
}

/** Refuses with the envelope, and with `Retry-After` when it is given. */
export function status(code: number, retryAfter?: string): Habit {
  return ({ answer }) => {
    const { body } = refusal(code, `Refused with ${code}.`);
    const headers: Record<string, string> =
      retryAfter === undefined ? {} : { "retry-after": retryAfter };
    answer(code, body, headers);
  };
}

/** Refuses with a problem body (RFC 9457). */
export function problem(code: number, title: string, detail: string): Habit {
  return ({ answer }) => {
    answer(
      code,
      { type: "about:blank", status: code, title, detail },
      { "content-type": "application/problem+json" },
    );
  };
}

/** Hangs up before a byte of the answer, the entities not taken. */
export const cutBefore: Habit = ({ response }) => {
  response.socket?.destroy();
};

/** Answers with something that is no HTTP. */
export const noHttp: Habit = ({ response }) => {
  response.socket?.end("SSH-2.0-Nothing\r\n\r\n");
};

/** Takes the entities and hangs up before a byte of the answer. */
export const lostAfter: Habit = (call) => {
  call.apply();
  call.response.socket?.destroy();
};

/** Takes the entities and hangs up in the middle of the answer. */
export const cutInside: Habit = async (call) => {
  const { status: code, body } = call.apply();
  const text = JSON.stringify(body);
  call.response.writeHead(code, {
    ...{ "content-type": "application/json", "content-length": text.length },
  });
  await new Promise((resolve) => {
    call.response.write(text.slice(0, 10), resolve);
  });
  call.response.socket?.destroy();
};

/** Takes the entities; the answer comes a byte at a time and never ends. */
export const drip: Habit = async (call) => {
  const { status: code } = call.apply();
  call.response.writeHead(code, { "content-type": "application/json" });
  while (!call.response.destroyed) {
    call.response.write(" ");
    await delay(20);
  }
};

/** Takes the entities and answers with a body that does not end; `told` counts the bytes. */
export function endless(told: { bytes: number }): Habit {
  const piece = Buffer.alloc(65_536, "x");
  return async (call) => {
    const { status: code } = call.apply();
    call.response.writeHead(code, { "content-type": "application/json" });
    const closed = new Promise((resolve) => {
      call.response.once("close", resolve);
    });
    while (!call.response.destroyed) {
      if (!call.response.write(piece)) {
        const drained = new Promise((resolve) => {
          call.response.once("drain", resolve);
        });
        await Promise.race([drained, closed]);
      }
      told.bytes += piece.length;
    }
  };
}

/** Leads elsewhere. */
export function redirect(code: number, location: string): Habit {
  return ({ answer }) => answer(code, "", { location });
}

/** Takes the entities and answers 202 with this type and body. */
export function accepting(type: string, body: string): Habit {
  return (call) => {
    const { status: code } = call.apply();
    call.answer(code, body, { "content-type": type });
  };
}

/** Forgets all tokens first, so that this request and all after it need another one. */
export function forgetting(remote: { endTokens(): void }): Habit {
  return (call) => {
    remote.endTokens();
    return well(call);
  };
}

/** Habits one after another; the last one for good. */
export function inTurn(...habits: [Habit, ...Habit[]]): Habit {
  let at = 0;
  return (call) => {
    const habit = habits[Math.min(at, habits.length - 1)] ?? well;
    at += 1;
    return habit(call);
  };
}

/** One of `habits` for a share of the requests, chosen by `random`; else `otherwise`. */
export function sometimes(
  share: number,
  random: () => number,
  habits: readonly Habit[],
  otherwise: Habit = well,
): Habit {
  return (call) => {
    const odd =
      random() < share && habits[Math.floor(random() * habits.length)];
    return (odd || otherwise)(call);
  };
}

/** `habit` for bodies with one of these keys; else `otherwise`. */
export function withKey(
  keys: readonly string[],
  habit: Habit,
  otherwise: Habit = well,
): Habit {
  const bad = new Set(keys);
  return (call) => {
    const { entities } = JSON.parse(call.body) as { entities: Entity[] };
    const isBad = entities.some(({ key }) => bad.has(key));
    return (isBad ? habit : otherwise)(call);
  };
}
