import type { Metadata } from "next";

import { NoAccessState } from "@/components/shell/no-access-state";
import { PageHeader } from "@/components/shell/page-header";
import { Notice } from "@/components/ui/notice";
import { CreateUserDialog } from "@/components/users/create-user-dialog";
import { RoleLegend } from "@/components/users/role-legend";
import { UserTable } from "@/components/users/user-table";
import { requireSession } from "@/lib/server/session";
import { listUsers } from "@/lib/server/users/service";

import {
  changeRoleAction,
  createUserAction,
  disableUserAction,
  enableUserAction,
  setPasswordAction,
} from "./actions";

export const metadata: Metadata = { title: "Users" };

export default async function UsersPage() {
  const ctx = await requireSession();
  if (ctx.actor.type !== "user" || ctx.actor.role !== "admin") {
    return <NoAccessState role="admin" />;
  }
  const users = await listUsers(ctx);
  return (
    <>
      <PageHeader
        title="Users"
        description="The people who can sign in to this Studio, and what each may do."
        actions={<CreateUserDialog create={createUserAction} />}
      />
      <div className="space-y-6">
        {users.length === 1 && (
          <Notice title="You are on your own here">
            Add a second admin, so that somebody can help when you lose your
            password.
          </Notice>
        )}
        <UserTable
          users={users}
          ownId={ctx.actor.id}
          actions={{
            changeRole: changeRoleAction,
            disable: disableUserAction,
            enable: enableUserAction,
            setPassword: setPasswordAction,
          }}
        />
        <RoleLegend />
      </div>
    </>
  );
}
