import { Badge } from "@/components/ui/badge";
import { RelativeTime } from "@/components/ui/relative-time";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import type { User } from "@/lib/domain/user";

import { ROLE_TEXTS } from "./role-texts";
import { UserRowMenu, type UserActions } from "./user-row-menu";

export function UserTable({
  users,
  ownId,
  actions,
}: {
  users: readonly User[];
  ownId: string;
  actions: UserActions;
}) {
  return (
    <Table label="Users">
      <TableHead>
        <TableRow>
          <TableHeader>User</TableHeader>
          <TableHeader>Role</TableHeader>
          <TableHeader>State</TableHeader>
          <TableHeader>Last signed in</TableHeader>
          <TableHeader>Created</TableHeader>
          <TableHeader>
            <span className="sr-only">Actions</span>
          </TableHeader>
        </TableRow>
      </TableHead>
      <TableBody>
        {users.map((user) => (
          <TableRow key={user.id}>
            <TableHeader scope="row" className="min-w-52">
              <span className="flex items-center gap-2">
                <span className="break-words">{user.name || user.email}</span>
                {user.id === ownId && <Badge>You</Badge>}
              </span>
              {user.name && (
                <span className="block text-[0.8125rem] font-normal break-all text-muted">
                  {user.email}
                </span>
              )}
            </TableHeader>
            <TableCell>{ROLE_TEXTS[user.role].label}</TableCell>
            <TableCell>
              <Badge hasDot tone={user.isDisabled ? "neutral" : "success"}>
                {user.isDisabled ? "Disabled" : "Active"}
              </Badge>
            </TableCell>
            <TableCell>
              <RelativeTime at={user.lastSignedInAt} />
            </TableCell>
            <TableCell>
              <RelativeTime at={user.createdAt} />
            </TableCell>
            <TableCell className="text-right">
              <UserRowMenu
                user={user}
                isSelf={user.id === ownId}
                actions={actions}
              />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
