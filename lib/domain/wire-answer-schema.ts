import { z } from "zod";

import {
  mediaFileResultSchema,
  partialSuccessSchema,
  uploadResultSchema,
} from "./wire-media-answer";

const requestIdSchema = z
  .string()
  .regex(/^[0-9a-f]{32}$/)
  .meta({ description: "Also in the log of the server: quote it." });

/** One item of `errors`. */
export const wireErrorSchema = z.object({
  message: z.string().meta({ description: "A sentence." }),
  details: z
    .object({
      propertyName: z.string().meta({
        description: "The member of the body that is concerned, or body.",
      }),
      message: z
        .string()
        .meta({ description: "What is wrong, where, and what to send." }),
    })
    .optional(),
  paths: z.array(z.string()).optional().meta({
    description: "The places, such as entities[7].properties[2].id.",
  }),
});

/** What every refusal is. */
export const failureSchema = z.object({
  result: z.null(),
  errors: z.array(wireErrorSchema).min(1).max(100),
  requestId: requestIdSchema,
  statusCode: z
    .int()
    .meta({ description: "The status of the answer, once more." }),
});

const noErrorsSchema = z
  .array(wireErrorSchema)
  .max(0)
  .meta({ description: "Always an array, empty when the call succeeded." });

function answerOf<S extends z.ZodType>(result: S) {
  return z.object({
    result,
    errors: noErrorsSchema,
    requestId: requestIdSchema,
  });
}

export const tokenAnswerSchema = answerOf(
  z.object({
    accessToken: z.string().meta({ description: "Opaque: do not take apart." }),
    expiresIn: z.int().meta({ description: "Seconds." }),
    tokenType: z.literal("Bearer"),
    refreshToken: z.null(),
    scope: z.string(),
  }),
);

export const importAnswerSchema = answerOf(z.object({ id: z.uuid() })).extend({
  id: z.uuid().meta({
    description: "The import, as in the Studio. The same as in result.",
  }),
});

export const linksAnswerSchema = answerOf(
  partialSuccessSchema(uploadResultSchema),
);
export const uploadAnswerSchema = answerOf(uploadResultSchema);
export const fileAnswerSchema = answerOf(mediaFileResultSchema);
export const filesAnswerSchema = answerOf(
  partialSuccessSchema(mediaFileResultSchema),
);

/** The refusal at the address of a file. */
export const fileFailureSchema = z.object({ message: z.string() });

/** The answers of `/health` and `/ready`, which have no envelope. */
export const healthSchema = z.object({ status: z.literal("ok") });
export const readySchema = z.object({ status: z.literal("ready") });
export const notReadySchema = z.object({
  status: z.literal("unavailable"),
  reason: z.enum(["stopping", "database", "migrations"]),
  message: z.string(),
});
