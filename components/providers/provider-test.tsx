"use client";

import { CircleCheck, CircleX } from "lucide-react";
import { useEffect, useRef, useState, type FormEvent } from "react";

import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { LiveRegion } from "@/components/ui/live-region";
import { formatCount } from "@/lib/client/format-number";
import { testProvider, type ProviderCheck } from "@/lib/client/test-provider";
import type { Provider } from "@/lib/domain/provider";

type ProviderTestProps = {
  provider: Provider;
  /** Known right after it was made; otherwise it is asked for. */
  secret?: string;
};

export function ProviderTest({ provider, secret }: ProviderTestProps) {
  const [typed, setTyped] = useState("");
  const [checks, setChecks] = useState<ProviderCheck[]>([]);
  const [state, setState] = useState<"idle" | "running" | "done">("idle");
  const aborter = useRef<AbortController>(null);
  useEffect(() => () => aborter.current?.abort(), []);

  async function run(event: FormEvent) {
    event.preventDefault();
    // In a dialog over another form, that one must not be sent as well.
    event.stopPropagation();
    if (state === "running") return;
    const own = new AbortController();
    aborter.current = own;
    setChecks([]);
    setState("running");
    try {
      for await (const check of testProvider({
        providerId: provider.id,
        secret: secret ?? typed,
        sources: provider.sources.map((source) => source.identifier),
        signal: own.signal,
      })) {
        setChecks((before) => [...before, check]);
      }
    } catch {
      return; // Aborted: the component is gone.
    }
    setTyped("");
    setState("done");
  }

  return (
    <form className="space-y-3" onSubmit={(event) => void run(event)}>
      <LiveRegion>{state === "done" ? summary(checks) : undefined}</LiveRegion>
      {secret === undefined && (
        <TextField
          label="Secret"
          hint="It is sent from this browser to the token endpoint only, and forgotten after the test."
          type="password"
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          className="max-w-md"
        />
      )}
      <Button
        type="submit"
        isLoading={state === "running"}
        disabled={secret === undefined && typed.trim() === ""}
      >
        Test token
      </Button>
      {checks.length > 0 && (
        <ul aria-label="Result of the test" className="space-y-1.5 text-sm">
          {checks.map((check) => (
            <CheckLine key={check.source ?? ""} check={check} />
          ))}
        </ul>
      )}
      {state === "done" && checks[0]?.isOk && provider.sources.length === 0 && (
        <p className="text-[0.8125rem] text-muted">
          It may push into no source yet: choose its allowed sources first.
        </p>
      )}
    </form>
  );
}

function CheckLine({ check }: { check: ProviderCheck }) {
  return (
    <li className="flex gap-2">
      {check.isOk ? (
        <CircleCheck
          aria-label="Works"
          className="mt-0.5 size-4 shrink-0 text-success-text"
        />
      ) : (
        <CircleX
          aria-label="Does not work"
          className="mt-0.5 size-4 shrink-0 text-danger-text"
        />
      )}
      <span className="min-w-0">
        {check.source && (
          <>
            <code className="font-mono text-[0.8125rem] break-all">
              {check.source}
            </code>
            {": "}
          </>
        )}
        {check.message}
      </span>
    </li>
  );
}

function summary(checks: ProviderCheck[]): string {
  const failed = checks.filter((check) => !check.isOk);
  if (failed.length === 0) return "The test passed: everything works.";
  return `${formatCount(failed.length, "check")} failed. ${failed[0]?.message ?? ""}`;
}
