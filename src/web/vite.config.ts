/// <reference types="vitest/config" />
import { readFileSync } from "node:fs";
import { defineConfig } from "vite";
import { head, pack, target } from "./build/site.ts";

// The client comes with the program and has its version: `import.meta.env.VITE_VERSION`.
const program = readFileSync(new URL("../../Directory.Build.props", import.meta.url), "utf8");
process.env["VITE_VERSION"] = /<Version>([^<]+)</.exec(program)?.[1] ?? "";

/** The pages around a chat, but for what the shell has of them. */
const around =
  /ui\/(dialogs\/(?!index)|page\/|details|search|settings\/(?!install\.ts))|i18n\/en\/(dialogs|details|settings)|qrcode-generator/;

export default defineConfig({
  plugins: [head(), pack()],
  // Nothing is waited for by time: this is when to give up, on a machine that does much else.
  test: { testTimeout: 30_000 },
  build: {
    target,
    assetsInlineLimit: 0,
    // All of it is smaller than what another request costs.
    cssCodeSplit: false,
    // An inline script would need a hole in the policy; every browser above knows `modulepreload` or does without.
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      input: { kith: "index.html" },
      output: {
        entryFileNames: "assets/[name]-[hash].js",
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
        // What several parts need comes at once, in place of a dozen crumbs; what the first screen needs comes first.
        codeSplitting: {
          groups: [
            { name: "base", tags: ["$initial"], minShareCount: 2, priority: 2 },
            { name: "shared", test: (module) => !around.test(module), minShareCount: 2, priority: 1 },
            // What only the pages around a chat share waits for the first of them.
            { name: "around", test: around, minShareCount: 2 },
          ],
        },
      },
    },
  },
});
