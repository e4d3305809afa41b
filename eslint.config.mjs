import next from "@next/eslint-plugin-next";
import reactHooks from "eslint-plugin-react-hooks";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

const nouns = [
  "api-guide",
  "sources",
  "providers",
  "entries",
  "imports",
  "media",
  "users",
  "endpoints",
];
const otherNouns = (noun) => nouns.filter((other) => other !== noun).join("|");
const framework = "react|react-dom|next|next/.*|node:.*";

// Folder -> what its files may not import (a regular expression on the specifier).
const fences = {
  "lib/domain": `@/.*|papaparse|${framework}`,
  "lib/importer": `@/(app|components|lib/(server|client|ingest))/.*|${framework}`,
  // Texts of the pages, and how they are put together; knows the rules, nothing else.
  "lib/wording": `@/(app|components|lib/(server|importer|ingest))/.*|${framework}`,
  "lib/ingest": `@/(app|components|lib/(server|client|importer))/.*|${framework}`,
  "lib/server": `@/(app|components|lib/(client|importer))/.*|@/lib/server/.*/store|react`,
  // Programs: they start the server's services, and show nothing.
  "lib/cli": `@/(app|components|lib/(client|importer))/.*|@/lib/server/.*/store|react|react-dom|next|next/.*`,
  "lib/client": `@/(app|components|lib/server)/.*|node:.*`,
  "components/ui": `@/(app|components/(?!ui/).*|lib/(server|domain|importer|ingest))/.*|node:.*`,
  "components/shell": `@/(app|components/(?!ui/|shell/).*|lib/(server|importer|ingest))/.*|node:.*`,
  ...Object.fromEntries(
    nouns.map((noun) => [
      `components/${noun}`,
      `@/(app|lib/server|components/(${otherNouns(noun)}))/.*|node:.*`,
    ]),
  ),
  app: `@/lib/server/(.*/store|db/.*)`,
};

const fenceRules = Object.entries(fences).map(([folder, forbidden]) => ({
  files: [`${folder}/**/*.{ts,tsx}`],
  ignores: ["**/*.test.{ts,tsx}"],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          {
            regex: `^(${forbidden}|@/lib/testing/.*)$`,
            message: `${folder} may not import this. See the layer table in README.md.`,
          },
          ...(folder === "app"
            ? []
            : [{ regex: "^\\.\\./", message: "Leave a folder with @/…" }]),
        ],
      },
    ],
    "max-lines": [
      "error",
      { max: 400, skipBlankLines: true, skipComments: true },
    ],
    "max-lines-per-function": [
      "error",
      { max: 120, skipBlankLines: true, skipComments: true },
    ],
  },
}));

// Outbound connections to addresses that people typed go through one guarded module.
const guardOnly = "Only lib/server/outbound opens connections outwards.";
const storeOnly = "@aws-sdk";
const connecting = `undici|(node:)?(https|http2|tls|dgram)|axios|got|ky|ws|(node|cross)-fetch`;
// What only listens, reads or names may be imported from these.
const listening = "(node:)?(http|net)";
const harmless = `createServer|Server|STATUS_CODES|METHODS|BlockList|isIP|isIPv4|isIPv6`;
const webClients = ["fetch", "WebSocket", "EventSource", "XMLHttpRequest"];

const outboundRules = (forbidden) => {
  // A slash would end the expression.
  const from = (names) => `[source.value=/^(${names})(\\u002f|$)/]`;
  const declaration = `:matches(ImportDeclaration[importKind!="type"], ExportNamedDeclaration[exportKind!="type"], ExportAllDeclaration)`;
  const selectors = [
    `${declaration}${from(forbidden)}`,
    `ImportExpression${from(`${forbidden}|${listening}`)}`,
    `ImportDeclaration[importKind!="type"]${from(listening)} > :matches(ImportDefaultSpecifier, ImportNamespaceSpecifier, ImportSpecifier[importKind!="type"]:not([imported.name=/^(${harmless})$/]))`,
    `:matches(ExportNamedDeclaration[exportKind!="type"], ExportAllDeclaration)${from(listening)}`,
    `CallExpression[callee.name="require"]`,
    `MemberExpression[object.name=process][property.name=/^(getBuiltinModule|binding)$/]`,
    `MemberExpression[object.name=/^(globalThis|global)$/][property.name=/^(${webClients.join("|")})$/]`,
  ];
  return {
    "no-restricted-globals": [
      "error",
      ...webClients.map((name) => ({ name, message: guardOnly })),
    ],
    "no-restricted-syntax": [
      "error",
      ...selectors.map((selector) => ({ selector, message: guardOnly })),
    ],
  };
};

const fileStore = "lib/server/file-store/s3-store.ts";
const outbound = [
  {
    files: ["lib/server/**/*.ts", "app/**/*.{ts,tsx}"],
    ignores: ["**/*.test.ts", "lib/server/outbound/**", fileStore],
    rules: outboundRules(`${connecting}|${storeOnly}`),
  },
  // Goes to the one address that an operator set.
  { files: [fileStore], rules: outboundRules(connecting) },
];

// Everything that people read or hear of the import journey is in lib/wording.
const spokenProps =
  "aria-(label|description|placeholder|roledescription|valuetext)|alt|title|placeholder|label|.*Label|legend|hint|description|empty|what";
const word = String.raw`/\p{L}/u`;
const sentence = String.raw`/\p{L}[,.:;?!…”)]* +[(“]?\p{L}[^-]*$/u`;
const textOf = (pattern) =>
  `:matches(Literal[value=${pattern}], TemplateElement[value.cooked=${pattern}])`;
/** A text that stands there itself, that a condition chooses, or that a template holds. */
const textsIn = (parent) => [
  `${parent} > Literal[value=${word}]`,
  `${parent} > TemplateLiteral > TemplateElement[value.cooked=${word}]`,
  `${parent} > ConditionalExpression > Literal[value=${word}]`,
  `${parent} > LogicalExpression > Literal.right[value=${word}]`,
];
const journeyTexts = {
  files: [
    "components/imports/**/*.{ts,tsx}",
    "lib/client/{import,run,row,rows,forecast,undo,recipe}-*.ts",
  ],
  ignores: ["**/*.test.ts"],
  rules: {
    "no-restricted-syntax": [
      "error",
      ...[
        `JSXText[value=${word}]`,
        `JSXAttribute[name.name=/^(${spokenProps})$/] > Literal[value=${word}]`,
        ...textsIn(
          `JSXAttribute[name.name=/^(${spokenProps})$/] > JSXExpressionContainer`,
        ),
        ...textsIn(
          ":matches(JSXElement, JSXFragment) > JSXExpressionContainer",
        ),
        `${textOf(sentence)}:not(ExpressionStatement > Literal, JSXAttribute[name.name=/[cC]lassName$/] *, CallExpression[callee.name="classNames"] *)`,
      ].map((selector) => ({
        selector,
        message: "Give this text a name in lib/wording and use that.",
      })),
    ],
  },
};

export default defineConfig([
  globalIgnores([
    ".next/**",
    "next-env.d.ts",
    "data/**",
    "test-results/**",
    "playwright-report/**",
  ]),
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true },
      ],
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_" },
      ],
      "@typescript-eslint/no-misused-promises": [
        "error",
        { checksVoidReturn: { attributes: false } },
      ],
    },
  },
  next.configs["core-web-vitals"],
  reactHooks.configs.flat["recommended-latest"],
  ...fenceRules,
  ...outbound,
  journeyTexts,
  {
    files: ["**/*.mjs", "public/**/*.js"],
    extends: [tseslint.configs.disableTypeChecked],
  },
]);
