"use client";

import { ArrowDown, ArrowUp, X } from "lucide-react";

import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import {
  KEY_LETTERS,
  keyRuleSchema,
  startKeyRule,
  type KeyRule,
} from "@/lib/domain/key-rules";
import type { ColumnMapping } from "@/lib/domain/mapping";
import {
  KEY_LETTER_NAMES,
  KEY_RULE_NAMES,
  keyRuleWords as words,
} from "@/lib/wording/key-rules";

import { KeyExamples } from "./key-examples";

const RULE_KINDS = Object.keys(KEY_RULE_NAMES) as KeyRule["rule"][];

type KeyRulesEditorProps = {
  mapping: ColumnMapping;
  exampleRows: readonly (readonly string[])[];
  onMapping: (mapping: ColumnMapping) => void;
};

/** The rules that clean keys, folded away until somebody wants them. */
export function KeyRulesEditor({
  mapping,
  exampleRows,
  onMapping,
}: KeyRulesEditorProps) {
  const rules = mapping.keyRules ?? [];
  const set = (keyRules: KeyRule[]) => onMapping({ ...mapping, keyRules });
  const move = (at: number, by: number) => {
    const moved = rules.filter((_, index) => index !== at);
    const rule = rules[at];
    if (rule) set(moved.toSpliced(at + by, 0, rule));
  };
  return (
    <details className="rounded-control border border-border px-3 py-2 open:pb-3">
      <summary className="cursor-pointer text-sm font-medium">
        {words.title}
        <span className="ml-2 font-normal text-muted">
          {rules.length > 0 && words.some(rules.length)}
        </span>
      </summary>
      <div className="mt-3 space-y-3">
        {rules.length === 0 ? (
          <p className="text-sm text-muted">{words.none}</p>
        ) : (
          <ol className="space-y-2" aria-label={words.title}>
            {rules.map((rule, at) => (
              <li key={at} className="rounded-control bg-sunken p-2">
                <RuleLine
                  rule={rule}
                  isFirst={at === 0}
                  isLast={at === rules.length - 1}
                  onRule={(changed) => set(rules.with(at, changed))}
                  onMove={(by) => move(at, by)}
                  onRemove={() => set(rules.toSpliced(at, 1))}
                />
              </li>
            ))}
          </ol>
        )}
        <Select
          aria-label={words.add}
          className="max-w-72"
          value=""
          onChange={({ target }) => {
            const kind = RULE_KINDS.find((known) => known === target.value);
            if (kind) set([...rules, startKeyRule(kind)]);
          }}
        >
          <option value="">{`${words.add} …`}</option>
          {RULE_KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {KEY_RULE_NAMES[kind]}
            </option>
          ))}
        </Select>
        {rules.length > 0 && (
          <>
            <KeyExamples mapping={mapping} rows={exampleRows} />
            <p className="text-[0.8125rem] text-muted">{words.perCell}</p>
          </>
        )}
      </div>
    </details>
  );
}

type RuleLineProps = {
  rule: KeyRule;
  isFirst: boolean;
  isLast: boolean;
  onRule: (rule: KeyRule) => void;
  onMove: (by: 1 | -1) => void;
  onRemove: () => void;
};

function RuleLine(props: RuleLineProps) {
  const { rule, onMove, onRemove } = props;
  const name = KEY_RULE_NAMES[rule.rule];
  return (
    <>
      <div className="flex items-center gap-1">
        <p className="min-w-0 flex-1 text-sm">{name}</p>
        <Button
          variant="ghost"
          size="sm"
          aria-label={words.earlier(name)}
          disabled={props.isFirst}
          onClick={() => onMove(-1)}
        >
          <ArrowUp aria-hidden />
        </Button>
        <Button
          variant="ghost"
          size="sm"
          aria-label={words.later(name)}
          disabled={props.isLast}
          onClick={() => onMove(1)}
        >
          <ArrowDown aria-hidden />
        </Button>
        <Button
          variant="ghost"
          size="sm"
          aria-label={words.remove(name)}
          onClick={onRemove}
        >
          <X aria-hidden />
        </Button>
      </div>
      <RuleValues {...props} />
    </>
  );
}

function RuleValues({ rule, onRule }: RuleLineProps) {
  if (rule.rule === "replace") {
    const problem = keyRuleSchema.safeParse(rule).error?.issues[0]?.message;
    return (
      <div className="mt-1 flex flex-wrap gap-2">
        <TextField
          label={words.find}
          className="w-32"
          maxLength={50}
          value={rule.find}
          error={problem}
          onChange={({ target }) => onRule({ ...rule, find: target.value })}
        />
        <TextField
          label={words.by}
          className="w-32"
          maxLength={50}
          value={rule.by}
          onChange={({ target }) => onRule({ ...rule, by: target.value })}
        />
      </div>
    );
  }
  if (rule.rule === "illegal") {
    return (
      <Select
        aria-label={words.by}
        className="mt-1 max-w-40"
        value={rule.by}
        onChange={({ target }) =>
          onRule({ ...rule, by: target.value === "_" ? "_" : "-" })
        }
      >
        <option value="-">-</option>
        <option value="_">_</option>
      </Select>
    );
  }
  if (rule.rule === "transliterate") {
    return (
      <Select
        aria-label={words.letters}
        className="mt-1 max-w-60"
        value={rule.letters ?? ""}
        onChange={({ target }) => {
          const letters = KEY_LETTERS.find((code) => code === target.value);
          onRule({ rule: "transliterate", ...(letters && { letters }) });
        }}
      >
        {(["", ...KEY_LETTERS] as const).map((code) => (
          <option key={code} value={code}>
            {KEY_LETTER_NAMES[code]}
          </option>
        ))}
      </Select>
    );
  }
  return null;
}
