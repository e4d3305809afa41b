"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";

import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { safePath } from "@/lib/client/safe-path";
import { signInWithPassword } from "@/lib/client/sign-in";

export function SignInForm({ next }: { next: string | undefined }) {
  const router = useRouter();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const signingIn = useMutation({
    mutationFn: signInWithPassword,
    onSuccess: (problem) => {
      if (problem !== undefined) return;
      router.replace(safePath(next));
      router.refresh();
    },
  });
  // Stays busy while the next page loads.
  const isLeaving = signingIn.isSuccess && signingIn.data === undefined;

  return (
    <form
      // Filled in before the scripts are there, it must not end up in the address.
      method="post"
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!signingIn.isPending && !isLeaving) {
          signingIn.mutate({ email, password });
        }
      }}
    >
      {signingIn.data !== undefined && !signingIn.isPending && (
        <Notice tone="danger">{signingIn.data}</Notice>
      )}
      <TextField
        label="E-mail address"
        type="email"
        name="email"
        autoComplete="username"
        autoFocus
        required
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <TextField
        label="Password"
        type="password"
        name="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <Button
        type="submit"
        variant="primary"
        size="lg"
        className="w-full"
        isLoading={signingIn.isPending || isLeaving}
      >
        Sign in
      </Button>
    </form>
  );
}
