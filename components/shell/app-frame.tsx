import Link from "next/link";
import type { ReactNode } from "react";

import { paths } from "@/lib/client/paths";
import type { Role } from "@/lib/domain/user";

import { BrandMark } from "./brand-mark";
import { MobileBar } from "./mobile-bar";
import { Navigation } from "./navigation";
import { UserMenu } from "./user-menu";

export type ShellUser = {
  name: string;
  email: string;
  role: Role;
  /** The tenant's name. */
  tenantName: string;
};

/** Navigation around every page of the Studio. */
export function AppFrame({
  user,
  children,
}: {
  user: ShellUser;
  children: ReactNode;
}) {
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[15.5rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-3 focus:left-3 focus:z-50 focus:rounded-control focus:bg-accent focus:px-4 focus:py-2 focus:text-on-accent"
      >
        Skip to the content
      </a>
      <aside className="sticky top-0 hidden h-dvh flex-col border-r border-border bg-surface lg:flex">
        <Link
          href={paths.sources()}
          className="m-3 flex items-center gap-2.5 rounded-control p-2"
        >
          <BrandMark />
          <span className="min-w-0">
            <span className="block text-[0.9375rem] leading-tight font-semibold tracking-tight">
              Source Studio
            </span>
            <span className="block truncate text-xs text-muted">
              {user.tenantName}
            </span>
          </span>
        </Link>
        <div className="flex-1 overflow-y-auto px-3 py-2">
          <Navigation role={user.role} />
        </div>
        <div className="border-t border-border p-2">
          <UserMenu user={user} />
        </div>
      </aside>
      <MobileBar user={user} />
      <main
        id="content"
        tabIndex={-1}
        className="mx-auto w-full max-w-7xl min-w-0 px-4 py-6 sm:px-6 lg:px-10 lg:py-8"
      >
        {children}
      </main>
    </div>
  );
}
