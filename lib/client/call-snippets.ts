import type { OpenApiOperation } from "@/lib/domain/openapi";

export type CallExample = {
  operation: OpenApiOperation;
  method: string;
  /** Base of the API, without a slash at its end. */
  baseUrl: string;
  path: string;
};

const SAMPLES = new Map([
  ["source", "products"],
  ["uploadId", "5f639717-c581-4924-82e0-434b006fe149"],
  ["fileId", "5f639717-c581-4924-82e0-434b006fe149"],
  ["tenantId", "9d1c44c4-92a5-4a6f-b0a1-6f0f8a3f3a11"],
  ["filename", "chair.jpg"],
]);

const HEADER_SAMPLES = new Map([
  ["Tus-Resumable", "1.0.0"],
  ["Upload-Length", "12345"],
  ["Upload-Offset", "0"],
  ["Upload-Metadata", "Filename cGV0dGVyLmpwZw==,MimeType aW1hZ2UvanBlZw=="],
]);

/** The call in four languages; with curl alone where a body is no JSON. */
export function callSnippets(
  example: CallExample,
): { label: string; code: string }[] {
  const call = prepared(example);
  const curlOnly = [{ label: "curl", code: curl(call) }];
  if (call.isBinary || call.hasOwnHeaders) return curlOnly;
  return [
    ...curlOnly,
    { label: "JavaScript", code: javascript(call) },
    { label: "Python", code: python(call) },
    { label: "C#", code: csharp(call) },
  ];
}

type Prepared = {
  method: string;
  url: string;
  needsToken: boolean;
  json: string | undefined;
  isBinary: boolean;
  headers: [name: string, value: string][];
  hasOwnHeaders: boolean;
};

function prepared(example: CallExample): Prepared {
  const { operation, method, baseUrl, path } = example;
  const types = operation.requestBody?.content ?? {};
  const body = types["application/json"]?.example;
  const own = (operation.parameters ?? []).flatMap((one): [string, string][] =>
    one.in === "header" && one.required
      ? [[one.name, HEADER_SAMPLES.get(one.name) ?? ""]]
      : [],
  );
  const isBinary = "application/offset+octet-stream" in types;
  return {
    method,
    url: `${baseUrl}${path.replace(/\{(\w+)\}/g, (_, name: string) => SAMPLES.get(name) ?? name)}`,
    needsToken: operation.security.length > 0,
    json: body === undefined ? undefined : JSON.stringify(body, null, 2),
    isBinary,
    headers: own,
    hasOwnHeaders: own.length > 0,
  };
}

function curl(call: Prepared): string {
  const isHead = call.method === "HEAD";
  const parts = [
    `curl -sS ${isHead ? "--head" : `-X ${call.method}`} '${call.url}'`,
    ...(call.needsToken ? [`-H "Authorization: Bearer $TOKEN"`] : []),
    ...call.headers.map(([name, value]) => `-H '${name}: ${value}'`),
    ...(call.json === undefined
      ? []
      : [`-H 'Content-Type: application/json'`, `-d '${call.json}'`]),
    ...(call.isBinary
      ? [
          `-H 'Content-Type: application/offset+octet-stream'`,
          `--data-binary @chair.jpg`,
        ]
      : []),
  ];
  return parts.join(" \\\n  ");
}

function javascript({ method, url, needsToken, json }: Prepared): string {
  const headers = [
    ...(needsToken ? ["    Authorization: `Bearer ${token}`,"] : []),
    ...(json === undefined ? [] : [`    "Content-Type": "application/json",`]),
  ];
  const options = [
    `  method: "${method}",`,
    ...(headers.length > 0 ? ["  headers: {", ...headers, "  },"] : []),
    ...(json === undefined
      ? []
      : [`  body: JSON.stringify(${indented(json, "  ")}),`]),
  ];
  return `const response = await fetch("${url}", {\n${options.join("\n")}\n});\nconsole.log(response.status, await response.text());`;
}

function python({ method, url, needsToken, json }: Prepared): string {
  const headers = [
    ...(needsToken ? [`        "Authorization": f"Bearer {token}",`] : []),
    ...(json === undefined
      ? []
      : [`        "Content-Type": "application/json",`]),
  ];
  const lines = [
    ...(json === undefined ? [] : ["import json"]),
    "import urllib.request",
    "",
    ...(json === undefined ? [] : [`body = ${literal(json)}`]),
    "request = urllib.request.Request(",
    `    "${url}",`,
    ...(json === undefined ? [] : [`    data=json.dumps(body).encode(),`]),
    ...(headers.length > 0 ? ["    headers={", ...headers, "    },"] : []),
    `    method="${method}",`,
    ")",
    "with urllib.request.urlopen(request) as response:",
    "    print(response.status, response.read().decode())",
  ];
  return lines.join("\n");
}

function csharp({ method, url, needsToken, json }: Prepared): string {
  const name = `${method.charAt(0)}${method.slice(1).toLowerCase()}`;
  const lines = [
    ...(needsToken ? ["using System.Net.Http.Headers;"] : []),
    ...(json === undefined ? [] : ["using System.Text;"]),
    "",
    "using var http = new HttpClient();",
    `using var request = new HttpRequestMessage(HttpMethod.${name}, "${url}");`,
    ...(needsToken
      ? [
          `request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);`,
        ]
      : []),
    ...(json === undefined
      ? []
      : [
          `request.Content = new StringContent("""`,
          json,
          `""", Encoding.UTF8, "application/json");`,
        ]),
    "using var response = await http.SendAsync(request);",
    'Console.WriteLine($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");',
  ];
  return lines.join("\n").trimStart();
}

/** JSON as a Python literal: the examples have no text that looks like these words. */
function literal(json: string): string {
  return json
    .replace(/: null\b/g, ": None")
    .replace(/: true\b/g, ": True")
    .replace(/: false\b/g, ": False");
}

function indented(text: string, by: string): string {
  return text.replaceAll("\n", `\n${by}`);
}
