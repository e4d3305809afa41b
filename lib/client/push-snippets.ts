/** What a snippet is filled in with. All of it has only letters that need no quoting. */
export type PushTarget = {
  /** Base of the ingest API, without a slash at its end. */
  ingestUrl: string;
  identifier: string;
  providerId: string;
};

export type PushSnippet = {
  id: "curl" | "javascript" | "python" | "csharp";
  label: string;
  code: string;
};

/** Stands where the secret belongs: we cannot show one again. */
export const SECRET_PLACEHOLDER = "PASTE-THE-SECRET-HERE";
export const PROVIDER_PLACEHOLDER = "PASTE-THE-PROVIDER-ID-HERE";

/** Programs that get a token and import one entry, ready to run. */
export function pushSnippets(target: PushTarget): PushSnippet[] {
  return [
    {
      id: "curl",
      label: "curl",
      code: curl(target),
    },
    {
      id: "javascript",
      label: "JavaScript",
      code: javascript(target),
    },
    {
      id: "python",
      label: "Python",
      code: python(target),
    },
    {
      id: "csharp",
      label: "C#",
      code: csharp(target),
    },
  ];
}

const curl = ({ ingestUrl, identifier, providerId }: PushTarget) =>
  `# Save it as push.sh, then run: bash push.sh
SECRET='${SECRET_PLACEHOLDER}'

# 1. A token. It is good for one hour: use it for many imports.
TOKEN=$(curl -sS -X POST '${ingestUrl}/dataProviders/tokens' \\
  -H 'Content-Type: application/json' \\
  -d "{\\"id\\":\\"${providerId}\\",\\"secret\\":\\"$SECRET\\"}" |
  sed -n 's/.*"accessToken":"\\([^"]*\\)".*/\\1/p')

# 2. The import. 202 means it is stored.
curl -sS -X POST '${ingestUrl}/import/${identifier}' \\
  -w '\\nstatus %{http_code}\\n' \\
  -H "Authorization: Bearer $TOKEN" \\
  -H 'Content-Type: application/json' \\
  -d '{
    "entities": [
      {
        "key": "A-1",
        "properties": [
          { "id": "price", "value": "129.00" },
          { "id": "name", "value": "Chair", "language": "en" },
          { "id": "name", "value": "Stol", "language": "sv" }
        ]
      }
    ]
  }'
`;

const javascript = ({ ingestUrl, identifier, providerId }: PushTarget) =>
  `// Save it as push.mjs, then run: node push.mjs
const INGEST_URL = "${ingestUrl}";
const PROVIDER_ID = "${providerId}";
const SECRET = "${SECRET_PLACEHOLDER}";

async function post(path, body, headers = {}) {
  const response = await fetch(INGEST_URL + path, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(\`\${response.status}: \${text}\`);
  console.log(path, response.status);
  return JSON.parse(text);
}

// 1. A token. It is good for one hour: use it for many imports.
const { result } = await post("/dataProviders/tokens", {
  id: PROVIDER_ID,
  secret: SECRET,
});

// 2. The import. 202 means it is stored.
const entities = [
  {
    key: "A-1",
    properties: [
      { id: "price", value: "129.00" },
      { id: "name", value: "Chair", language: "en" },
      { id: "name", value: "Stol", language: "sv" },
    ],
  },
];
await post(
  "/import/${identifier}",
  { entities },
  { Authorization: \`Bearer \${result.accessToken}\` },
);
`;

const python = ({ ingestUrl, identifier, providerId }: PushTarget) =>
  `# Save it as push.py, then run: python3 push.py (it needs no package)
import json
import urllib.error
import urllib.request

INGEST_URL = "${ingestUrl}"
PROVIDER_ID = "${providerId}"
SECRET = "${SECRET_PLACEHOLDER}"


def post(path, body, headers={}):
    request = urllib.request.Request(
        INGEST_URL + path,
        data=json.dumps(body).encode("utf-8"),
        headers={"Content-Type": "application/json", **headers},
        method="POST",
    )
    try:
        with urllib.request.urlopen(request, timeout=100) as response:
            print(path, response.status)
            return json.load(response)
    except urllib.error.HTTPError as error:
        raise SystemExit(f"{error.code}: {error.read().decode()}")


# 1. A token. It is good for one hour: use it for many imports.
token = post("/dataProviders/tokens", {"id": PROVIDER_ID, "secret": SECRET})

# 2. The import. 202 means it is stored.
entities = [
    {
        "key": "A-1",
        "properties": [
            {"id": "price", "value": "129.00"},
            {"id": "name", "value": "Chair", "language": "en"},
            {"id": "name", "value": "Stol", "language": "sv"},
        ],
    }
]
access_token = token["result"]["accessToken"]
post(
    "/import/${identifier}",
    {"entities": entities},
    {"Authorization": f"Bearer {access_token}"},
)
`;

const csharp = ({ ingestUrl, identifier, providerId }: PushTarget) =>
  `// Program.cs of a console project (.NET 8 or newer); run it with: dotnet run
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

const string providerId = "${providerId}";
const string secret = "${SECRET_PLACEHOLDER}";

using var http = new HttpClient { BaseAddress = new Uri("${ingestUrl}/") };

// 1. A token. It is good for one hour: use it for many imports.
var login = await http.PostAsJsonAsync("dataProviders/tokens", new { id = providerId, secret });
login.EnsureSuccessStatusCode();
var token = await login.Content.ReadFromJsonAsync<JsonElement>();
http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
    "Bearer", token.GetProperty("result").GetProperty("accessToken").GetString());

// 2. The import. 202 means it is stored.
var import = await http.PostAsJsonAsync("import/${identifier}", new
{
    entities = new[]
    {
        new
        {
            key = "A-1",
            properties = new[]
            {
                new { id = "price", value = "129.00", language = (string?)null },
                new { id = "name", value = "Chair", language = (string?)"en" },
                new { id = "name", value = "Stol", language = (string?)"sv" },
            },
        },
    },
});
Console.WriteLine($"{(int)import.StatusCode}: {await import.Content.ReadAsStringAsync()}");
import.EnsureSuccessStatusCode();
`;
