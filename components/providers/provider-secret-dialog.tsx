"use client";

import { useEffect, useState } from "react";

import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { CopyableText } from "@/components/ui/copyable-text";
import { Dialog } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import type { ProviderWithSecret } from "@/lib/domain/provider";

import { ProviderTest } from "./provider-test";

/** Shows a secret, the one time that it can be shown. Mount it anew for each. */
export function ProviderSecretDialog({
  made: { provider, secret },
  onStored,
}: {
  made: ProviderWithSecret;
  onStored: () => void;
}) {
  const [isCopied, setIsCopied] = useState(false);
  const [isWarned, setIsWarned] = useState(false);

  useEffect(() => {
    if (isCopied) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [isCopied]);

  return (
    <Dialog
      open
      canDismiss={false}
      size="lg"
      title={`The secret of ${provider.name}`}
      description="Store it now, in your password store or in the program's settings. It is shown only this once."
      footer={
        <Button
          variant={isWarned && !isCopied ? "danger" : "primary"}
          onClick={() => {
            if (isCopied || isWarned) onStored();
            else setIsWarned(true);
          }}
        >
          {isWarned && !isCopied ? "Close without copying" : "I have stored it"}
        </Button>
      }
    >
      <div className="space-y-4">
        <div>
          <p className="mb-1 text-[0.8125rem] font-medium">Provider id</p>
          <CopyableText text={provider.id} label="provider id" />
        </div>
        <div>
          <p className="mb-1 text-[0.8125rem] font-medium">Secret</p>
          <div className="flex flex-wrap items-center gap-2">
            <code
              data-testid="secret"
              onCopy={() => setIsCopied(true)}
              className="min-w-0 flex-1 basis-64 rounded-control border border-border bg-sunken px-3 py-2 font-mono text-[0.8125rem] break-all select-all"
            >
              {secret}
            </code>
            <CopyButton
              text={secret}
              label="secret"
              size="md"
              onCopy={() => setIsCopied(true)}
            />
          </div>
        </div>
        {isWarned && !isCopied && (
          <Notice tone="danger" title="You have not copied the secret">
            Once this is closed nobody can read it again, and you would have to
            make a new one. Copy it first, unless you have noted it down.
          </Notice>
        )}
        <div className="border-t border-border pt-4">
          <h3 className="text-sm font-medium">Does it work?</h3>
          <p className="mt-0.5 mb-3 text-[0.8125rem] text-muted">
            Fetches a token with it and sends an empty import to each allowed
            source. Nothing is changed.
          </p>
          <ProviderTest provider={provider} secret={secret} />
        </div>
      </div>
    </Dialog>
  );
}
