import { AppError, parseInput } from "@/lib/domain/errors";
import type { Provider, ProviderWithSecret } from "@/lib/domain/provider";
import { sourceInputSchema, type Source } from "@/lib/domain/source";
import { passwordSchema, userInputSchema, type User } from "@/lib/domain/user";
import type { Context } from "@/lib/server/context";
import { rotateSealKeys } from "@/lib/server/endpoints/service";
import {
  createProvider,
  listProviders,
  rotateProvider,
} from "@/lib/server/providers/service";
import {
  createSource,
  findSourceByIdentifier,
  listSources,
} from "@/lib/server/sources/service";
import {
  createUser,
  disableUser,
  enableUser,
  listUsers,
  setPassword,
} from "@/lib/server/users/service";

/** What was typed, and the password that came by standard input. */
export type Options = {
  id?: string | undefined;
  email?: string | undefined;
  name?: string | undefined;
  role?: string | undefined;
  "origin-system"?: string | undefined;
  description?: string | undefined;
  sources?: string | undefined;
  password?: string | undefined;
};

/** The same answer twice: for people, and as one JSON object. */
export type Answer = { text: string; json: object };

type Command = {
  name: string;
  usage: string;
  about: string;
  run: (ctx: Context, options: Options) => Promise<Answer>;
};

/** Everything the admin command can do. Each goes through the services the pages use. */
export const COMMANDS: Command[] = [
  {
    name: "user create",
    usage: "--email E --role admin|editor|viewer --password-stdin [--name N]",
    about: "Creates an account; the password is read from standard input.",
    async run(ctx, options) {
      const { email, name, role, password } = options;
      requirePassword(password);
      const input = parseInput(userInputSchema, {
        ...{ email: required(options, "email"), role: role ?? "" },
        ...{ password, ...(name === undefined ? {} : { name }) },
      });
      const user = await createUser(ctx, input);
      return { text: `Created ${user.role} ${email ?? ""}.`, json: user };
    },
  },
  {
    name: "user list",
    usage: "",
    about: "Lists the accounts.",
    async run(ctx) {
      const users = await listUsers(ctx);
      return { text: lines(users.map(userLine)), json: { users } };
    },
  },
  {
    name: "user disable",
    usage: "--email E",
    about: "Keeps a person out, at once and in all browsers.",
    async run(ctx, options) {
      const user = await disableUser(ctx, await findUser(ctx, options));
      return { text: `Disabled ${user.email}.`, json: user };
    },
  },
  {
    name: "user enable",
    usage: "--email E",
    about: "Lets a disabled person sign in again.",
    async run(ctx, options) {
      const user = await enableUser(ctx, await findUser(ctx, options));
      return { text: `Enabled ${user.email}.`, json: user };
    },
  },
  {
    name: "user set-password",
    usage: "--email E --password-stdin",
    about: "Gives a person a new password and ends their sessions.",
    async run(ctx, options) {
      requirePassword(options.password);
      const password = parseInput(passwordSchema, options.password);
      const id = await findUser(ctx, options);
      const user = await setPassword(ctx, id, password);
      return { text: `Set the password of ${user.email}.`, json: user };
    },
  },
  {
    name: "source create",
    usage:
      "--id products --name Products [--origin-system S] [--description D]",
    about: "Creates a source; its identifier (--id) is the one in import URLs.",
    async run(ctx, options) {
      const input = parseInput(sourceInputSchema, {
        identifier: required(options, "id"),
        name: required(options, "name"),
        originSystem: options["origin-system"],
        description: options.description,
      });
      const source = await createSource(ctx, input);
      return {
        text: `Created source ${source.identifier}. Import URL path: /import/${source.identifier}`,
        json: source,
      };
    },
  },
  {
    name: "source list",
    usage: "",
    about: "Lists the sources with their entries.",
    async run(ctx) {
      const sources = await listSources(ctx);
      return { text: lines(sources.map(sourceLine)), json: { sources } };
    },
  },
  {
    name: "provider create",
    usage: "--name erp --sources products,media",
    about:
      "Creates a provider that may import into the sources; prints its secret once.",
    async run(ctx, options) {
      const made = await createProvider(ctx, {
        name: required(options, "name"),
        sourceIds: await findSources(ctx, options.sources ?? ""),
      });
      return withSecret("Created", made);
    },
  },
  {
    name: "provider list",
    usage: "",
    about: "Lists the providers, never with a secret.",
    async run(ctx) {
      const providers = await listProviders(ctx);
      return { text: lines(providers.map(providerLine)), json: { providers } };
    },
  },
  {
    name: "provider rotate",
    usage: "--id ID",
    about:
      "Makes a second secret, printed once; of two the older is revoked first.",
    async run(ctx, options) {
      const made = await rotateProvider(ctx, required(options, "id"));
      return withSecret("Rotated", made);
    },
  },
  {
    name: "keys rotate",
    usage: "",
    about:
      "Seals the secrets of all endpoints with a new key and removes the old ones. Safe beside a running Studio.",
    async run(ctx) {
      const rotated = await rotateSealKeys(ctx.db);
      const { keyId, sealed, removedKeys } = rotated;
      const secrets = sealed === 1 ? "1 secret" : `${sealed} secrets`;
      const gone = removedKeys.length > 0 ? removedKeys.join(", ") : "none";
      return {
        text: `${secrets} sealed with the key ${keyId}. Keys removed: ${gone}.`,
        json: rotated,
      };
    },
  },
];

function required(options: Options, name: "id" | "email" | "name"): string {
  const value = options[name];
  if (value !== undefined) return value;
  throw new AppError(
    "invalid_input",
    `The option --${name} is missing. See --help.`,
  );
}

function requirePassword(password: string | undefined): void {
  if (password) return;
  throw new AppError(
    "invalid_input",
    "Give the password on standard input and add --password-stdin; as an option it would stay in the shell's history.",
  );
}

async function findUser(ctx: Context, options: Options): Promise<string> {
  const email = options.id ?? required(options, "email");
  const users = await listUsers(ctx);
  const found = users.find(
    (user) => user.id === email || user.email === email.trim().toLowerCase(),
  );
  if (found) return found.id;
  throw new AppError("not_found", `There is no user ${email}. See user list.`);
}

async function findSources(ctx: Context, list: string): Promise<string[]> {
  const identifiers = list
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const ids: string[] = [];
  for (const identifier of identifiers) {
    const source = await findSourceByIdentifier(ctx, identifier);
    if (!source) {
      throw new AppError(
        "not_found",
        `There is no source ${identifier}. Create it first, or see source list.`,
      );
    }
    ids.push(source.id);
  }
  return [...new Set(ids)];
}

function withSecret(
  verb: string,
  { provider, secret }: ProviderWithSecret,
): Answer {
  return {
    text: [
      `${verb} provider ${provider.name}.`,
      `id:     ${provider.id}`,
      `secret: ${secret}`,
      "Keep the secret now: it is not shown again.",
    ].join("\n"),
    json: { ...provider, secret },
  };
}

function userLine(user: User): string {
  const state = user.isDisabled ? "\tdisabled" : "";
  return `${user.email}\t${user.role}\t${user.name}${state}`;
}

function sourceLine(source: Source): string {
  return `${source.identifier}\t${source.name}\t${source.entryCount} entries`;
}

function providerLine(provider: Provider): string {
  const sources = provider.sources.map(({ identifier }) => identifier);
  return `${provider.id}\t${provider.name}\t${sources.join(",")}`;
}

function lines(all: string[]): string {
  return all.length > 0 ? all.join("\n") : "None yet.";
}
