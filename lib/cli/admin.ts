import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";

import { AppError, toFailure, type FieldProblems } from "@/lib/domain/errors";
import type { Context } from "@/lib/server/context";
import { getDefaultTenantId } from "@/lib/server/db/default-tenant";
import { prepareKeys } from "@/lib/server/keys";
import { logFailure } from "@/lib/server/log";

import { COMMANDS, type Answer, type Options } from "./admin-commands";
import { openDatabase } from "./open-database";
import { failureSentence } from "./run-program";

const HELP = `Manages a Studio from the command line, beside a running one or without.

  npm run --silent admin -- <command> [options]

Commands
${COMMANDS.map(({ name, usage, about }) => `  ${name} ${usage}\n      ${about}`).join("\n")}

Options of every command
  --json   print exactly one JSON object on standard output; a failure is
           {"error":{"code","message"}} with exit code 1
  --help   show this

A provider's secret is printed once, when it is made, and never again.
The database is the one of DATA_DIR (default ./data) or of DATABASE_URL.
`;

// Options that are named otherwise than the field they fill.
const OPTION_OF: Record<string, string> = {
  identifier: "id",
  originSystem: "origin-system",
  password: "password-stdin",
};

const isJson = process.argv.includes("--json");
const print = (line: string) => process.stdout.write(`${line}\n`);

try {
  const answer = await run(process.argv.slice(2));
  print(isJson ? JSON.stringify(answer.json) : answer.text);
} catch (error) {
  printFailure(error);
  process.exitCode = 1;
}

async function run(args: string[]): Promise<Answer> {
  const { positionals, values } = readArguments(args);
  if (values.help || positionals.length === 0)
    return { text: HELP.trimEnd(), json: { help: HELP } };

  const name = positionals.join(" ");
  const command = COMMANDS.find((known) => known.name === name);
  if (!command) {
    throw new AppError(
      "invalid_input",
      `There is no command "${name}". The commands are: ${COMMANDS.map((known) => known.name).join(", ")}.`,
    );
  }
  const password = values["password-stdin"] ? await readPassword() : undefined;
  const options: Options = { ...values, ...(password ? { password } : {}) };

  const database = await openDatabase((line) =>
    process.stderr.write(`${line}\n`),
  );
  try {
    await prepareKeys(database.db);
    const ctx: Context = {
      tenantId: await getDefaultTenantId(database.db),
      actor: { type: "command", id: "admin", name: "admin command" },
      db: database.db,
    };
    return await command.run(ctx, options);
  } finally {
    await database.close();
  }
}

function readArguments(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        id: { type: "string" },
        email: { type: "string" },
        name: { type: "string" },
        role: { type: "string" },
        "password-stdin": { type: "boolean" },
        "origin-system": { type: "string" },
        description: { type: "string" },
        sources: { type: "string" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (cause) {
    // Node's sentence names the option.
    throw new AppError(
      "invalid_input",
      `${(cause as Error).message.split(". To specify")[0]}. See --help.`,
      { cause },
    );
  }
}

async function readPassword(): Promise<string> {
  // The line end that echo adds is no part of the password.
  return (await text(process.stdin)).replace(/\r?\n$/, "");
}

function printFailure(error: unknown): void {
  const failure = toFailure(error);
  if (failure.code === "internal") logFailure(error);
  const message = [
    error instanceof AppError ? failure.message : failureSentence(error),
    // Other failures say it all in their message.
    ...(failure.code === "invalid_input" ? fieldLines(failure.fields) : []),
  ].join(" ");
  if (isJson) {
    const { code } = failure;
    print(JSON.stringify({ error: { code, message } }));
  } else {
    process.stderr.write(`${message}\n`);
  }
}

function fieldLines(fields: FieldProblems = {}): string[] {
  return Object.entries(fields).map(([field, problem]) => {
    const option = OPTION_OF[field] ?? field;
    return `--${option}: ${problem}`;
  });
}
