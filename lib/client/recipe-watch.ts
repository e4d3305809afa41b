import type { TableOptions } from "@/lib/domain/import-run";
import type { ColumnMapping } from "@/lib/domain/mapping";
import { checkFile, type CheckedForPage } from "@/lib/importer/check-file";
import {
  onlyChanged,
  type FileMemory,
  type LastFile,
  type RowGate,
} from "@/lib/importer/file-changes";

import { keepMemory, readLastFile } from "./recipe-memory";

/** One reading of the open file. */
export type RecipePass = {
  file: Blob;
  options: TableOptions;
  mapping: ColumnMapping;
  signal: AbortSignal;
};

/**
 * The worker's knowledge of recipes: what the last file was, and what the open
 * one is, kept from its check to its sending. Does nothing for a mapping that
 * follows no recipe.
 */
export function createRecipeWatch() {
  let known: { of: string; memory: FileMemory } | undefined;
  let last: { of: string; file: LastFile | undefined } | undefined;

  /** One snapshot is asked for once: choosing what to send checks again. */
  async function lastFileOf({ mapping, signal }: RecipePass) {
    const { recipe } = mapping;
    if (!recipe) return undefined;
    const since = recipe.onlyChangedSince;
    if (since !== undefined && last?.file?.snapshot.id === since) {
      return last.file;
    }
    if (since === undefined && last?.of === recipe.id) return last.file;
    const file = await readLastFile(mapping, signal);
    last = { of: recipe.id, file };
    return file;
  }

  async function check(
    pass: RecipePass & {
      hash?: (() => Promise<string>) | undefined;
      onProgress?: (rows: number, bytesRead: number) => void;
    },
  ): Promise<CheckedForPage> {
    const { memory, ...checked } = await checkFile({
      ...pass,
      last: await lastFileOf(pass),
    });
    const { options } = checked;
    known = memory && { of: nameOf({ ...pass, options }), memory };
    return checked;
  }

  /** What the open file is: from its check, or read again. */
  async function memoryOf(pass: RecipePass): Promise<FileMemory | undefined> {
    if (!pass.mapping.recipe) return undefined;
    if (known?.of !== nameOf(pass)) await check(pass);
    return known?.memory;
  }

  return {
    check,

    /** Keeps what the file is for the next one, before its first batch or after the last. */
    async remember(pass: RecipePass & { runId: string }): Promise<void> {
      const id = pass.mapping.recipe?.id;
      const memory = await memoryOf(pass);
      if (id !== undefined && memory) await keepMemory(pass.runId, id, memory);
    },

    /** What a run leaves out: nothing when it sends the whole file. */
    async gate(pass: RecipePass): Promise<RowGate | undefined> {
      if (pass.mapping.recipe?.onlyChangedSince === undefined) return undefined;
      const memory = await memoryOf(pass);
      return memory && onlyChanged(memory.hashes);
    },
  };
}

function nameOf({ options, mapping }: RecipePass): string {
  return JSON.stringify([options, mapping]);
}
