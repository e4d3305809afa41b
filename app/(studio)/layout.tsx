import type { ReactNode } from "react";

import { AppFrame } from "@/components/shell/app-frame";
import { requireSignedIn } from "@/lib/server/session";

export default async function StudioLayout({
  children,
}: {
  children: ReactNode;
}) {
  const { name, email, role, tenantName } = (await requireSignedIn()).user;
  return (
    <AppFrame user={{ name, email, role, tenantName }}>{children}</AppFrame>
  );
}
