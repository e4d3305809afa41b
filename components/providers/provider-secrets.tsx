"use client";

import { useQueryClient } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";

import { AlertDialog } from "@/components/ui/alert-dialog";
import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/card";
import { Notice } from "@/components/ui/notice";
import { RelativeTime } from "@/components/ui/relative-time";
import { providerQueries } from "@/lib/client/provider-queries";
import {
  LIVE_SECRETS_MAX,
  type Provider,
  type ProviderWithSecret,
} from "@/lib/domain/provider";
import type { ActionResult } from "@/lib/domain/result";

import { ProviderSecretDialog } from "./provider-secret-dialog";

type ProviderSecretsProps = {
  provider: Provider;
  mayChange: boolean;
  add: (providerId: string) => Promise<ActionResult<ProviderWithSecret>>;
  revoke: (
    providerId: string,
    secretId: string,
  ) => Promise<ActionResult<Provider>>;
};

export function ProviderSecrets({
  provider,
  mayChange,
  add,
  revoke,
}: ProviderSecretsProps) {
  const queryClient = useQueryClient();
  const [made, setMade] = useState<ProviderWithSecret>();
  const [isAdding, setIsAdding] = useState(false);
  const [problem, setProblem] = useState<string>();
  const { secrets } = provider;
  const isFull = secrets.length >= LIVE_SECRETS_MAX;

  const reread = () =>
    queryClient.invalidateQueries({ queryKey: providerQueries.all() });

  // No mutation: its cache would keep the secret.
  async function addSecret() {
    setIsAdding(true);
    setProblem(undefined);
    try {
      const result = await add(provider.id);
      if (result.ok) setMade(result.data);
      else setProblem(result.error.message);
    } catch {
      setProblem("The server could not be reached. Try again.");
    }
    setIsAdding(false);
    await reread();
  }

  async function revokeSecret(secretId: string, last4: string) {
    const result = await revoke(provider.id, secretId);
    if (!result.ok) return result.error.message;
    toast.success(`The secret ending in …${last4} was revoked`);
    await reread();
  }

  return (
    <Section
      title="Secrets"
      description={advice(secrets.length, mayChange)}
      actions={
        mayChange && (
          <Button
            onClick={() => void addSecret()}
            isLoading={isAdding}
            disabled={isFull}
          >
            <KeyRound aria-hidden />
            {secrets.length === 0 ? "Make a secret" : "Add a second secret"}
          </Button>
        )
      }
    >
      {problem && (
        <Notice tone="danger" className="mb-4">
          {problem}
        </Notice>
      )}
      {secrets.length === 0 ? (
        <p className="text-sm text-warning-text">
          No secret is left, so no program can use this provider.
        </p>
      ) : (
        <ul
          aria-label="Live secrets"
          className="divide-y divide-border rounded-control border border-border"
        >
          {secrets.map((secret) => (
            <li
              key={secret.id}
              className="flex flex-wrap items-center justify-between gap-3 px-4 py-2.5"
            >
              <div>
                <p className="text-sm font-medium">
                  ends in <code className="font-mono">…{secret.last4}</code>
                </p>
                <p className="text-[0.8125rem] text-muted">
                  made <RelativeTime at={secret.createdAt} />
                  {secret.lastUsedAt ? (
                    <>
                      , last used <RelativeTime at={secret.lastUsedAt} />
                    </>
                  ) : (
                    ", not used yet"
                  )}
                </p>
              </div>
              {mayChange && (
                <AlertDialog
                  trigger={
                    <Button
                      variant="dangerQuiet"
                      size="sm"
                      aria-label={`Revoke the secret ending in ${secret.last4}`}
                    >
                      Revoke…
                    </Button>
                  }
                  title={`Revoke the secret ending in …${secret.last4}?`}
                  description={breaking(secrets.length)}
                  confirmLabel="Revoke it"
                  onConfirm={() => revokeSecret(secret.id, secret.last4)}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      {made && (
        <ProviderSecretDialog made={made} onStored={() => setMade(undefined)} />
      )}
    </Section>
  );
}

function advice(live: number, mayChange: boolean): string {
  if (!mayChange) return "Only administrators may add or revoke secrets.";
  if (live === 0) return "Make one to let a program in again.";
  if (live < LIVE_SECRETS_MAX) {
    return "To change the secret without a gap, add a second one, move your programs to it, then revoke the first.";
  }
  return "Both work. When all programs use the newer one, revoke the older; two is the most a provider may have.";
}

function breaking(live: number): string {
  const others =
    live > 1
      ? "The other secret goes on working."
      : "It is the only one: nothing can be pushed with this provider until a new one is made.";
  return `Programs that use it are refused from now on, and the tokens made with it stop working at once. Some keep a refused token for up to an hour: restart these after giving them the new secret. ${others}`;
}
