import tseslint from "typescript-eslint";

export default tseslint.config({ ignores: ["dist/", "node_modules/"] }, ...tseslint.configs.strict, {
  rules: {
    eqeqeq: "error",
    "no-console": "error",
    "@typescript-eslint/no-non-null-assertion": "off",
    "@typescript-eslint/consistent-type-imports": "error",
    // A key is taken out of an object by naming it and keeping the rest.
    "@typescript-eslint/no-unused-vars": ["error", { varsIgnorePattern: "^_", argsIgnorePattern: "^_" }],
    "@typescript-eslint/no-dynamic-delete": "off",
  },
});
