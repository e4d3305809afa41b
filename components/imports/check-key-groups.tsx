"use client";

import { useState } from "react";

import { Button } from "@/components/ui/button";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { formatNumber } from "@/lib/client/format-number";
import type { KeyGroup } from "@/lib/importer/key-groups";
import { repeatWords as words } from "@/lib/wording/repeated-keys";

import { CellText } from "./cell-text";

const SHOWN_AT_ONCE = 5;

type CheckKeyGroupsProps = {
  groups: readonly KeyGroup[];
  isWhole: boolean;
  headers: readonly string[];
};

/** The rows of each key beneath one another, with the columns in which they differ. */
export function CheckKeyGroups({
  groups,
  isWhole,
  headers,
}: CheckKeyGroupsProps) {
  const [shown, setShown] = useState(SHOWN_AT_ONCE);
  if (groups.length === 0) return null;
  return (
    <details>
      <summary className="cursor-pointer text-sm font-medium">
        {words.show(groups.length, isWhole)}
      </summary>
      <div className="mt-3 space-y-4">
        {groups.slice(0, shown).map((group, at) => (
          <GroupTable
            key={group.rows[1]?.rowNumber ?? at}
            label={words.group(at + 1, groups.length)}
            group={group}
            headers={headers}
          />
        ))}
        {groups.length > shown && (
          <Button size="sm" onClick={() => setShown(shown + SHOWN_AT_ONCE)}>
            {words.showMore}
          </Button>
        )}
      </div>
    </details>
  );
}

function GroupTable({
  label,
  group,
  headers,
}: {
  label: string;
  group: KeyGroup;
  headers: readonly string[];
}) {
  const note =
    group.columns.length === 0
      ? words.noDifference
      : group.columnsLeftOut > 0
        ? words.more(group.columnsLeftOut)
        : undefined;
  return (
    <div>
      <Table label={label}>
        <TableHead>
          <TableRow>
            <TableHeader isNumeric>{words.row}</TableHeader>
            <TableHeader>{words.key}</TableHeader>
            {group.columns.map((column) => (
              <TableHeader key={column}>
                <CellText text={headers[column] ?? ""} />
              </TableHeader>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {group.rows.map((row) => (
            <TableRow key={row.rowNumber}>
              <TableHeader scope="row" isNumeric>
                {formatNumber(row.rowNumber)}
              </TableHeader>
              <TableCell className="align-top font-mono text-xs break-all">
                <CellText text={row.key} />
              </TableCell>
              {row.cells.map((cell, at) => (
                <TableCell
                  key={group.columns[at]}
                  className="max-w-72 min-w-28 align-top"
                >
                  <span
                    className={
                      row.differs[at]
                        ? "rounded-sm bg-warning-soft px-1"
                        : undefined
                    }
                  >
                    <CellText text={cell === "" ? words.empty : cell} />
                  </span>
                  {row.differs[at] && (
                    <span className="block text-xs text-warning-text">
                      {words.differs}
                    </span>
                  )}
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {note && <p className="mt-1 text-[0.8125rem] text-muted">{note}</p>}
    </div>
  );
}
