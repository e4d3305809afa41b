"use client";

import { TriangleAlert } from "lucide-react";

import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/link-button";
import { paths } from "@/lib/client/paths";

/** In place of a page or a part of it that could not be shown. */
export function ErrorState({
  title = "This page could not be shown",
  message = "Something went wrong on our side. Try again; if it stays, tell the administrator the time and the code.",
  code,
  heading = "h1",
  retry,
}: {
  title?: string;
  message?: string;
  /** Finds the failure in the server's log. */
  code?: string | undefined;
  /** `h2` in a part of a page. */
  heading?: "h1" | "h2";
  retry?: () => void;
}) {
  return (
    <div role="alert">
      <EmptyState
        heading={heading}
        icon={<TriangleAlert />}
        title={title}
        actions={
          <>
            {retry && (
              <Button variant="primary" onClick={retry}>
                Try again
              </Button>
            )}
            <LinkButton href={paths.sources()}>Go to the sources</LinkButton>
          </>
        }
      >
        <p>{message}</p>
        {code && (
          <p className="mt-2">
            Code <code className="font-mono">{code}</code>
          </p>
        )}
      </EmptyState>
    </div>
  );
}
