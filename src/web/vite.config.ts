import { defineConfig } from "vite";
import { head, pack, target } from "./build/site.ts";

export default defineConfig({
  plugins: [head(), pack()],
  build: {
    target,
    assetsInlineLimit: 0,
    // An inline script would need a hole in the policy; every browser above knows `modulepreload` or does without.
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      input: { kith: "index.html" },
      output: {
        entryFileNames: "assets/[name]-[hash].js",
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
      },
    },
  },
});
