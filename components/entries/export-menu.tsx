"use client";

import { Braces, Download, FileSpreadsheet, FileText } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";

import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  MenuItem,
  MenuLabel,
} from "@/components/ui/dropdown-menu";
import { exportPath } from "@/lib/client/entry-queries";
import { asAppError } from "@/lib/client/http";
import type { EntryFilter } from "@/lib/domain/entry";
import type { ExportFormat } from "@/lib/domain/entry-export";

export function ExportMenu({
  sourceId,
  filter,
  what,
}: {
  sourceId: string;
  filter: EntryFilter;
  /** Such as "all entries" or "12 entries". */
  what: string;
}) {
  const [isBusy, setIsBusy] = useState(false);

  async function download(format: ExportFormat) {
    const path = exportPath(sourceId, filter, format);
    setIsBusy(true);
    try {
      // A download has no place to say why it was refused.
      const response = await fetch(`${path}&check=true`);
      if (!response.ok) {
        const body: unknown = await response.json().catch(() => undefined);
        toast.error(asAppError(response, body).message);
        return;
      }
      const link = document.createElement("a");
      link.href = path;
      link.download = "";
      link.click();
    } catch {
      toast.error("The server could not be reached. Try again.");
    } finally {
      setIsBusy(false);
    }
  }

  return (
    <DropdownMenu
      trigger={
        <Button size="sm" isLoading={isBusy}>
          {!isBusy && <Download aria-hidden />}
          Export
        </Button>
      }
    >
      <MenuLabel>Export {what}</MenuLabel>
      <MenuItem
        icon={<FileSpreadsheet aria-hidden />}
        onSelect={() => void download("csv")}
      >
        CSV for spreadsheets and re-import
      </MenuItem>
      <MenuItem
        icon={<FileText aria-hidden />}
        onSelect={() => void download("csv-raw")}
      >
        CSV for programs, values as they are
      </MenuItem>
      <MenuItem
        icon={<Braces aria-hidden />}
        onSelect={() => void download("jsonl")}
      >
        JSON lines
      </MenuItem>
    </DropdownMenu>
  );
}
