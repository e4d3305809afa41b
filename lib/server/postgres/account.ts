import "server-only";

import { spawnSync } from "node:child_process";
import { readFile, stat } from "node:fs/promises";

import { AppError } from "@/lib/domain/errors";

/** An account of the operating system. */
export type Account = { name: string; uid: number; gid: number };

const OWN_ACCOUNT = "source-studio";

/**
 * The account that runs the embedded server, or `undefined` for "the same as
 * this process". PostgreSQL refuses to run as root, so root gets: the owner of
 * an existing cluster, else `postgres`, else `source-studio`, which is created.
 *
 * @throws {AppError} `unavailable` when root has no such account and cannot make one.
 */
export async function serverAccount(
  clusterDir: string,
): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;

  const accounts = await readAccounts();
  const owner = await stat(clusterDir).catch(() => undefined);
  const known =
    accounts.find(({ uid }) => uid !== 0 && uid === owner?.uid) ??
    accounts.find(({ name }) => name === "postgres") ??
    accounts.find(({ name }) => name === OWN_ACCOUNT);
  return known ?? createAccount();
}

/** Names that may sign in to the embedded server: who starts it and who runs it. */
export async function allowedNames(account?: Account): Promise<string[]> {
  const uid = process.getuid?.();
  const own = (await readAccounts()).find((other) => other.uid === uid)?.name;
  return [...new Set(["root", own, account?.name])].filter(
    (name) => name !== undefined,
  );
}

async function createAccount(): Promise<Account> {
  const commands: [string, string[]][] = [
    ["useradd", ["--system", "--user-group", "--no-create-home", OWN_ACCOUNT]],
    ["adduser", ["-S", "-D", "-H", OWN_ACCOUNT]],
  ];
  for (const [command, args] of commands) {
    spawnSync(command, args, { stdio: "ignore" });
    const made = (await readAccounts()).find(
      ({ name }) => name === OWN_ACCOUNT,
    );
    if (made) return made;
  }
  throw new AppError(
    "unavailable",
    `PostgreSQL does not run as root, and the account "${OWN_ACCOUNT}" could not be created. Create it (useradd --system ${OWN_ACCOUNT}), start as another user, or set DATABASE_URL.`,
  );
}

async function readAccounts(): Promise<Account[]> {
  // Missing outside Unix, and in images without accounts.
  const text = await readFile("/etc/passwd", "utf8").catch(() => "");
  return text.split("\n").flatMap((line) => {
    const [name, , uid, gid] = line.split(":");
    return name && uid && gid
      ? [{ name, uid: Number(uid), gid: Number(gid) }]
      : [];
  });
}
