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

/** The same within `state/`: its rooms, and of its seam with the pages. Its own files put the rooms together. */
const within = {
  core: ["model.ts", "patch.ts"],
  account: ["model.ts"],
  tabs: ["model.ts", "client.ts", "patch.ts", "core", "messages"],
  messages: ["model.ts", "core"],
  archive: ["model.ts", "core", "messages"],
  people: ["model.ts", "core"],
  groups: ["model.ts", "core", "messages", "archive"],
  list: ["model.ts", "core", "messages", "people", "groups"],
  files: ["model.ts", "core"],
  encryption: ["model.ts", "core", "messages", "people", "groups"],
  outgoing: ["model.ts", "client.ts", "core", "messages", "people", "groups", "files", "encryption"],
};

const either = (names) =>
  names.length ? `(?:${names.map((name) => name.replaceAll(".", "\\.")).join("|")})` : "(?!)";

/** Imports that are not from these rooms, and not of these packages. */
const foreign = (room) => [
  {
    regex: `^(?:\\.\\./)+(?!${either(rooms[room].rooms ?? [])}(?:/|$))${either(Object.keys(rooms))}/`,
    message: `${room}/ may not import this (README.md).`,
  },
  {
    regex: `^(?!\\.|${either(rooms[room].packages ?? [])}(?:[/:]|$))`,
    message: `${room}/ may not import this package (README.md).`,
  },
];

const border = (folder, patterns) => ({
  files: [`${folder}/**`],
  rules: { "no-restricted-imports": ["error", { patterns }] },
});

const borders = [
  ...Object.keys(rooms).map((room) => border(room, foreign(room))),
  ...Object.entries(within).map(([room, may]) =>
    border(`state/${room}`, [
      ...foreign("state"),
      {
        regex: `^\\.\\./(?!\\.|${either(may)}(?:/|$))`,
        message: `state/${room}/ may not import this (README.md).`,
      },
    ]),
  ),
];

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
