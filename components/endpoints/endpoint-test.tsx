"use client";

import { CircleAlert, CircleCheck, Plug } from "lucide-react";
import { useState } from "react";

import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import type { Endpoint, EndpointTest as Found } from "@/lib/domain/endpoint";
import type { RemoteAnswer } from "@/lib/domain/remote-answer";
import type { ActionResult } from "@/lib/domain/result";
import { endpointWords, testSentence } from "@/lib/wording/endpoints";

const words = endpointWords.test;

/** Tries the endpoint as an import would, and says in words what works. */
export function EndpointTest({
  endpoint,
  test,
}: {
  endpoint: Endpoint;
  test: (id: string) => Promise<ActionResult<Found>>;
}) {
  const [found, setFound] = useState<Found>();
  const [problem, setProblem] = useState<string>();
  const [isRunning, setIsRunning] = useState(false);
  const host = new URL(endpoint.url).host;

  async function run() {
    setIsRunning(true);
    setFound(undefined);
    setProblem(undefined);
    try {
      const result = await test(endpoint.id);
      if (result.ok) setFound(result.data);
      else setProblem(result.error.message);
    } catch {
      setProblem(words.unread);
    }
    setIsRunning(false);
  }

  const lines = found
    ? [
        { name: words.signIn, answer: found.signIn },
        ...found.sources.map(({ identifier: name, answer }) => ({
          name,
          answer,
        })),
      ]
    : [];
  if (endpoint.secretEnd === null) {
    return <Notice tone="warning">{words.noSecret}</Notice>;
  }
  return (
    <div className="space-y-4">
      <Button isLoading={isRunning} onClick={() => void run()}>
        <Plug aria-hidden />
        {words.run}
      </Button>
      <div role="status">
        {isRunning && <span className="sr-only">{words.running}</span>}
        {lines.length > 0 && (
          <ul className="divide-y divide-border rounded-control border border-border">
            {lines.map(({ name, answer }, index) => (
              <TestLine key={index} name={name} answer={answer} host={host} />
            ))}
          </ul>
        )}
      </div>
      {problem && <Notice tone="danger">{problem}</Notice>}
    </div>
  );
}

function TestLine({
  name,
  answer,
  host,
}: {
  name: string;
  answer: RemoteAnswer;
  host: string;
}) {
  const works = answer.outcome === "accepted";
  const Icon = works ? CircleCheck : CircleAlert;
  return (
    <li className="flex items-start gap-2.5 px-3 py-2.5 text-sm">
      <Icon
        aria-hidden
        className={
          works
            ? "mt-0.5 size-4 shrink-0 text-success-text"
            : "mt-0.5 size-4 shrink-0 text-danger-text"
        }
      />
      <p className="min-w-0 wrap-anywhere">
        <span className="font-medium">{name}</span>
        {": "}
        {testSentence(answer, host)}
      </p>
    </li>
  );
}
