import { z } from "zod";

import { passwordWeakness } from "./password";

/** What each role may do: admin all; editor sources, imports, media; viewer read. */
export const ROLES = ["admin", "editor", "viewer"] as const;
export type Role = (typeof ROLES)[number];

export const emailSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(254, "Keep the address under 255 characters.")
  .pipe(z.email("Give an e-mail address such as anna@example.com."));

export const passwordSchema = z
  .string()
  .min(12, "Use at least 12 characters.")
  .max(256, "Use at most 256 characters.")
  .superRefine((password, ctx) => {
    const message = passwordWeakness(password);
    if (message) ctx.addIssue({ code: "custom", message });
  });

export const userInputSchema = z.object({
  email: emailSchema,
  name: z
    .string()
    .trim()
    .max(100, "Keep the name under 100 characters.")
    .default(""),
  role: z.enum(ROLES),
  password: passwordSchema,
});

/** The first account of an instance: it is an admin. */
export const firstAdminInputSchema = userInputSchema
  .omit({ role: true })
  .extend({
    /** Not needed in a browser on the Studio's own machine. */
    setupCode: z.string().max(100).default(""),
  });

export const userIdSchema = z.uuid();

export const roleChangeSchema = z.object({
  id: userIdSchema,
  role: z.enum(ROLES),
});

export const passwordSettingSchema = z.object({
  id: userIdSchema,
  password: passwordSchema,
});

/** Changing one's own password. */
export const passwordChangeSchema = z.object({
  current: z.string().min(1, "Type your current password.").max(256),
  next: passwordSchema,
});

/** A user as it travels to the browser. */
export const userSchema = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  isDisabled: z.boolean(),
  createdAt: z.iso.datetime(),
  lastSignedInAt: z.iso.datetime().nullable(),
});

export type UserInput = z.output<typeof userInputSchema>;
export type User = z.output<typeof userSchema>;
export type FirstAdminInput = z.output<typeof firstAdminInputSchema>;
export type RoleChange = z.output<typeof roleChangeSchema>;
export type PasswordSetting = z.output<typeof passwordSettingSchema>;
export type PasswordChange = z.output<typeof passwordChangeSchema>;
