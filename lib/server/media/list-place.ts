import "server-only";

import { AppError } from "@/lib/domain/errors";

/** A row of a list that is sorted by the time of creation, newest first. */
export type ListPlace = { createdAt: string; id: string };

/** The place behind a row, as it travels to the browser and back. */
export function placeOf({ createdAt, id }: ListPlace): string {
  return `${createdAt}_${id}`;
}

/** @throws {AppError} `invalid_input` for a text that `placeOf` does not make. */
export function readPlace(text: string): ListPlace {
  const match =
    /^(\d{4}-\d\d-\d\dT[\d:.]+Z)_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(
      text,
    );
  const [, createdAt, id] = match ?? [];
  if (createdAt && id && !Number.isNaN(Date.parse(createdAt))) {
    return { createdAt, id };
  }
  throw new AppError(
    "invalid_input",
    "The place in the list is not known. Begin the list again.",
  );
}
