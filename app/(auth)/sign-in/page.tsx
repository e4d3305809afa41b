import type { Metadata } from "next";
import { redirect } from "next/navigation";

import { AuthFrame } from "@/components/shell/auth-frame";
import { SignInForm } from "@/components/users/sign-in-form";
import { paths } from "@/lib/client/paths";
import { safePath } from "@/lib/client/safe-path";
import { findSession, needsFirstAdmin } from "@/lib/server/session";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({
  searchParams,
}: PageProps<"/sign-in">) {
  const { next } = await searchParams;
  const wanted = typeof next === "string" ? next : undefined;
  if (await findSession()) redirect(safePath(wanted));
  if (await needsFirstAdmin()) redirect(paths.setup());
  return (
    <AuthFrame
      title="Sign in"
      description="To the Studio of your product data."
    >
      <SignInForm next={wanted} />
    </AuthFrame>
  );
}
