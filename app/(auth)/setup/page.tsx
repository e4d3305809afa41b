import type { Metadata } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";

import { AuthFrame } from "@/components/shell/auth-frame";
import { SetupForm } from "@/components/users/setup-form";
import { paths } from "@/lib/client/paths";
import { needsFirstAdmin } from "@/lib/server/session";
import { isLocalRequest } from "@/lib/server/setup-code";

import { createFirstAdminAction } from "./actions";

export const metadata: Metadata = { title: "Create the first account" };

export default async function SetupPage() {
  if (!(await needsFirstAdmin())) redirect(paths.signIn());
  return (
    <AuthFrame
      title="Create the first account"
      description="It becomes the admin of this Studio: it may do everything, and adds the other people."
    >
      <SetupForm
        needsCode={!isLocalRequest(await headers())}
        save={createFirstAdminAction}
      />
    </AuthFrame>
  );
}
