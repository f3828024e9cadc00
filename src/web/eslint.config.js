import tseslint from "typescript-eslint";

/** Who may import what beside its own folder: the table of README.md. A folder by its name, a package with all that is in it. */
const rooms = {
  xmpp: { packages: ["ltx"] },
  proto: { rooms: ["xmpp"], packages: ["@noble"] },
  omemo: { rooms: ["xmpp/xml.ts"], packages: ["@noble"] },
  store: { rooms: ["proto/say.ts", "state/model.ts"], packages: ["idb"] },
  state: { rooms: ["xmpp", "proto", "omemo", "store", "i18n"], packages: ["@preact"] },
  ui: {
    rooms: ["state/client.ts", "state/model.ts", "i18n", "sw/share.ts"],
    packages: ["preact", "@preact", "@noble", "qrcode-generator"],
  },
  i18n: {},
  sw: { rooms: ["build/site.ts"] },
  build: { packages: ["node", "vite"] },
};

const either = (names) =>
  names.length ? `(?:${names.map((name) => name.replaceAll(".", "\\.")).join("|")})` : "(?!)";

const borders = Object.entries(rooms).map(([room, may]) => ({
  files: [`${room}/**`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          {
            regex: `^(?:\\.\\./)+(?!${either(may.rooms ?? [])}(?:/|$))${either(Object.keys(rooms))}/`,
            message: `${room}/ may not import this (README.md).`,
          },
          {
            regex: `^(?!\\.|${either(may.packages ?? [])}(?:[/:]|$))`,
            message: `${room}/ may not import this package (README.md).`,
          },
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ["dist/", "node_modules/"] },
  ...tseslint.configs.strict,
  {
    rules: {
      eqeqeq: "error",
      "no-console": "error",
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/consistent-type-imports": "error",
      // A key is taken out of an object by naming it and keeping the rest.
      "@typescript-eslint/no-unused-vars": ["error", { varsIgnorePattern: "^_", argsIgnorePattern: "^_" }],
      "@typescript-eslint/no-dynamic-delete": "off",
    },
  },
  ...borders,
);
