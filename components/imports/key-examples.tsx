import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import type { ColumnMapping } from "@/lib/domain/mapping";
import { exampleKey } from "@/lib/domain/mapping-edit";
import { keyRuleWords as words } from "@/lib/wording/key-rules";

import { CellText } from "./cell-text";

const EXAMPLES_MAX = 4;

/** What the rules make of the first keys; those that change come first. */
export function KeyExamples({
  mapping,
  rows,
}: {
  mapping: ColumnMapping;
  rows: readonly (readonly string[])[];
}) {
  const examples = rows.flatMap((cells) => exampleKey(mapping, cells) ?? []);
  const distinct = [
    ...new Map(examples.map((example) => [example.raw, example])).values(),
  ];
  const changed = distinct.filter(({ raw, key }) => raw !== key);
  if (changed.length === 0 && distinct.every(({ isLegal }) => isLegal)) {
    return (
      <p role="status" className="text-sm text-muted">
        {words.unchanged}
      </p>
    );
  }
  const shown = [
    ...changed,
    ...distinct.filter(({ raw, key }) => raw === key),
  ].slice(0, EXAMPLES_MAX);
  return (
    <Table label={words.examples} isPlain>
      <TableHead>
        <TableRow>
          <TableHeader>{words.before}</TableHeader>
          <TableHeader>{words.after}</TableHeader>
        </TableRow>
      </TableHead>
      <TableBody>
        {shown.map(({ raw, key, isLegal }) => (
          <TableRow key={raw}>
            <TableCell className="font-mono text-xs break-all">
              <CellText text={raw} />
            </TableCell>
            <TableCell className="font-mono text-xs break-all">
              <CellText text={key} />
              {!isLegal && (
                <span className="ml-2 font-sans text-warning-text">
                  {words.illegal}
                </span>
              )}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
