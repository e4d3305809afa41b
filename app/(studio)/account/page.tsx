import type { Metadata } from "next";

import { PageHeader } from "@/components/shell/page-header";
import { Section } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import { OwnPasswordForm } from "@/components/users/own-password-form";
import { ROLE_TEXTS } from "@/components/users/role-texts";
import { requireSignedIn } from "@/lib/server/session";

import { changeOwnPasswordAction } from "./actions";

export const metadata: Metadata = { title: "Your account" };

export default async function AccountPage() {
  const { user } = await requireSignedIn();
  return (
    <>
      <PageHeader title="Your account" />
      <div className="max-w-3xl space-y-6">
        <Section title="Who you are here">
          <DescriptionList
            className="lg:grid-cols-3"
            facts={[
              { name: "Name", value: user.name || "—" },
              { name: "E-mail address", value: user.email },
              {
                name: "Role",
                value: (
                  <>
                    {ROLE_TEXTS[user.role].label}
                    <span className="block text-[0.8125rem] text-muted">
                      {ROLE_TEXTS[user.role].sentence}
                    </span>
                  </>
                ),
              },
            ]}
          />
        </Section>
        <Section
          title="Change your password"
          description="All your other sessions end with it."
        >
          <OwnPasswordForm email={user.email} save={changeOwnPasswordAction} />
        </Section>
      </div>
    </>
  );
}
