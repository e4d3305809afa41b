import { Wand2 } from "lucide-react";

import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import type { KeyRule } from "@/lib/domain/key-rules";
import type { KeyRepair as Repair } from "@/lib/importer/collect-illegal-keys";
import { keyRepairWords as words } from "@/lib/wording/key-rules";

import { CellText } from "./cell-text";

type KeyRepairProps = {
  repair: Repair | null;
  onRules: (rules: KeyRule[]) => void;
};

/** Offers the rules that make illegal keys legal. */
export function KeyRepair({ repair, onRules }: KeyRepairProps) {
  if (!repair) return null;
  const { rows, rules, example } = repair;
  return (
    <Notice
      tone="warning"
      title={words.title(rows)}
      actions={
        <Button size="sm" onClick={() => onRules(rules)}>
          <Wand2 aria-hidden />
          {words.apply(rows)}
        </Button>
      }
    >
      {words.text(rules)}{" "}
      <code className="font-mono break-all">
        <CellText text={example.from} />
      </code>
      <span aria-hidden> → </span>
      <span className="sr-only"> {words.becomes} </span>
      <code className="font-mono break-all">{example.to}</code>
    </Notice>
  );
}
