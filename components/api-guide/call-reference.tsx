import type { ReactNode } from "react";

import { Badge, type BadgeTone } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { CodeBlock } from "@/components/ui/code-block";
import { callSnippets } from "@/lib/client/call-snippets";
import type {
  JsonSchema,
  OpenApiOperation,
  OpenApiResponse,
} from "@/lib/domain/openapi";

import type { ListedCall } from "./api-guide";
import { FieldTable } from "./field-table";

const TONES: Record<string, BadgeTone> = {
  GET: "accent",
  HEAD: "accent",
  DELETE: "danger",
};

/** One call: what it does, what is sent, what comes back. */
export function CallReference({
  call,
  schemas,
}: {
  call: ListedCall;
  schemas: Record<string, JsonSchema>;
}) {
  const { operation, method, path } = call;
  const { operationId, summary, description } = operation;
  const sent = operation.requestBody?.content["application/json"];
  const answers = Object.entries(operation.responses);
  const success = answers.find(([status]) => Number(status) < 300)?.[1];
  const answer = success?.content?.["application/json"];
  const refusal = answers
    .filter(([status]) => Number(status) >= 400)
    .map(([, one]) => one.content?.["application/json"]?.example)
    .find((example) => example !== undefined);
  return (
    <Card className="scroll-mt-20 p-5" id={operationId}>
      <h3 className="text-[0.9375rem] font-semibold">
        <a
          href={`#${operationId}`}
          className="underline-offset-4 hover:underline"
        >
          {summary}
        </a>
      </h3>
      <p className="mt-1.5 flex flex-wrap items-center gap-2">
        <Badge tone={TONES[method] ?? "success"}>{method}</Badge>
        <code className="font-mono text-[0.8125rem] wrap-anywhere">{path}</code>
        {operation.security.length === 0 && <Badge>no token</Badge>}
      </p>
      <p className="mt-3 max-w-3xl text-sm">{description}</p>
      <div className="mt-4 space-y-4">
        <Parameters operation={operation} />
        {sent && (
          <FieldTable
            label={`Body of: ${summary}`}
            title="Body"
            schema={sent.schema}
            schemas={schemas}
          />
        )}
        <CodeBlock
          label={`Example of: ${summary}`}
          samples={callSnippets(call)}
        />
        {answer?.example !== undefined && (
          <More title="Example of the answer">
            <CodeBlock
              label={`Answer of: ${summary}`}
              samples={[
                {
                  label: "JSON",
                  code: JSON.stringify(answer.example, null, 2),
                },
              ]}
            />
          </More>
        )}
        {answer?.schema["$ref"] !== undefined && (
          <More title="Members of the answer">
            <FieldTable
              label={`Answer of: ${summary}`}
              schema={answer.schema}
              schemas={schemas}
            />
          </More>
        )}
        <Answers answers={answers} />
        {refusal && (
          <More title="Example of a refusal">
            <CodeBlock
              label={`Refusal of: ${summary}`}
              samples={[
                { label: "JSON", code: JSON.stringify(refusal, null, 2) },
              ]}
            />
          </More>
        )}
      </div>
    </Card>
  );
}

function Parameters({ operation }: { operation: OpenApiOperation }) {
  const { parameters = [] } = operation;
  if (parameters.length === 0) return null;
  return (
    <div>
      <h4 className="mb-1 text-[0.8125rem] font-medium">Address and headers</h4>
      <dl className="space-y-1.5 text-sm">
        {parameters.map(({ name, in: place, required, description }) => (
          <div key={name} className="sm:flex sm:gap-3">
            <dt className="shrink-0 sm:w-56">
              <code className="font-mono text-[0.8125rem] wrap-anywhere">
                {name}
              </code>{" "}
              <span className="text-xs text-muted">
                {place}
                {required === true || place === "path" ? "" : ", optional"}
              </span>
            </dt>
            <dd className="text-muted">{description}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Answers({ answers }: { answers: [string, OpenApiResponse][] }) {
  return (
    <div>
      <h4 className="mb-1 text-[0.8125rem] font-medium">Answers</h4>
      <dl className="space-y-1 text-sm">
        {answers.map(([status, { description, headers }]) => (
          <div key={status} className="flex gap-3">
            <dt className="w-9 shrink-0 font-medium tabular-nums">{status}</dt>
            <dd className="min-w-0 text-muted">
              {description}
              {headers && (
                <span className="block text-xs wrap-anywhere">
                  {`Headers: ${Object.keys(headers).join(", ")}`}
                </span>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function More({ title, children }: { title: string; children: ReactNode }) {
  return (
    <details className="min-w-0">
      <summary className="w-fit cursor-pointer rounded-sm text-[0.8125rem] font-medium text-accent-text">
        {title}
      </summary>
      <div className="mt-2">{children}</div>
    </details>
  );
}
