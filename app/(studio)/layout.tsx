import { headers } from "next/headers";
import { redirect } from "next/navigation";
import type { ReactNode } from "react";

import { AppFrame } from "@/components/shell/app-frame";
import { paths } from "@/lib/client/paths";
import { findSignedIn, needsFirstAdmin } from "@/lib/server/session";

export default async function StudioLayout({
  children,
}: {
  children: ReactNode;
}) {
  const signedIn = await findSignedIn();
  if (!signedIn) {
    if (await needsFirstAdmin()) redirect(paths.setup());
    redirect(paths.signIn((await headers()).get("x-studio-path") ?? undefined));
  }
  const { name, email, role, tenantName } = signedIn.user;
  return (
    <AppFrame user={{ name, email, role, tenantName }}>{children}</AppFrame>
  );
}
