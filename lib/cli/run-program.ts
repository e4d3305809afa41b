import { ZodError } from "zod";

import { AppError } from "@/lib/domain/errors";
import { hideSecrets } from "@/lib/server/log";

/** Runs a program's main function. What goes wrong becomes one sentence on standard error and exit code 1. */
export async function runProgram(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    process.stderr.write(`${failureSentence(error)}\n`);
    process.exitCode = 1;
  }
}

/** What a person should read when a program cannot go on. Never with a stack. */
export function failureSentence(error: unknown): string {
  if (error instanceof AppError) return error.message;
  if (error instanceof ZodError) {
    const lines = error.issues.map(
      ({ path, message }) =>
        `The setting ${path.join(".")} is wrong: ${message.replace(/\.$/, "")}.`,
    );
    return lines.join("\n");
  }
  const message = error instanceof Error ? error.message : String(error);
  return `Unexpected: ${hideSecrets(message)}`;
}
