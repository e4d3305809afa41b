import { z } from "zod";

/** A provider may hold this many live secrets, so that one can be rotated without a gap. */
export const LIVE_SECRETS_MAX = 2;

/** What a person types to create or edit a provider. */
export const providerInputSchema = z.object({
  name: z
    .string()
    .trim()
    .min(1, "Give the provider a name.")
    .max(100, "Keep the name under 100 characters."),
  /** Ids of the sources it may import into. May be empty: such a provider can only send media. */
  sourceIds: z.array(z.uuid()).max(1_000),
});

export const providerSecretSchema = z.object({
  id: z.uuid(),
  /** All that is ever shown again of a secret. */
  last4: z.string(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
});

/** A stored provider as it travels to the browser; never with a secret. */
export const providerSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  sources: z.array(
    z.object({ id: z.uuid(), identifier: z.string(), name: z.string() }),
  ),
  secrets: z.array(providerSecretSchema),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
});

export type ProviderInput = z.output<typeof providerInputSchema>;
export type Provider = z.output<typeof providerSchema>;

/** The one answer that carries a secret: right after it was made. */
export type ProviderWithSecret = { provider: Provider; secret: string };
