import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { build, type Plugin } from "vite";
import { licences } from "./licences.ts";

/** Devices in a drawer are old: what these cannot read is written anew. */
export const target = ["chrome100", "firefox102", "safari15.4"];

/** What the worker is told at build: which files make up this version. */
export interface Build {
  /** Changes when one of the files does. */
  version: string;
  /** Addresses, the page itself (`/`) among them. */
  files: string[];
}

const links = [
  { rel: "manifest", href: "/manifest.webmanifest" },
  { rel: "icon", href: "/icons/icon.svg", type: "image/svg+xml" },
  { rel: "apple-touch-icon", href: "/icons/apple.png" },
];

/** What the box adds to the page: the manifest, which it makes itself, and the icons. */
export function head(): Plugin {
  return {
    name: "kith-head",
    transformIndexHtml: {
      order: "post",
      handler: () => links.map((attrs) => ({ tag: "link", attrs, injectTo: "head" as const })),
    },
  };
}

/**
 * After the build: tells the service worker its files, and writes to `dist/packed/` what the program carries, which is
 * each text compressed once (Brotli, as every browser reads it over TLS) and the rest as it is.
 */
export function pack(): Plugin {
  let root = "";
  let out = "";
  return {
    name: "kith-pack",
    apply: "build",
    configResolved(config) {
      root = config.root;
      out = join(root, config.build.outDir);
    },
    async closeBundle() {
      writeFileSync(join(out, "licenses.txt"), licences(root));
      await buildWorker(root, out, list(out));
      for (const file of list(out)) write(join(out, "packed"), file, readFileSync(join(out, file)));
    },
  };
}

function list(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** By itself, so that it is one classic script whatever it shares with the page, and knows the files of this very build. */
async function buildWorker(root: string, out: string, files: readonly string[]): Promise<void> {
  const own = files.filter((file) => file === "index.html" || file.startsWith("assets/"));
  const hash = createHash("sha256");
  for (const file of own) hash.update(`${file}\n`).update(readFileSync(join(out, file)));
  const version = hash.digest("hex").slice(0, 12);
  const addresses = own.map((file) => (file === "index.html" ? "/" : `/${file}`));
  await build({
    configFile: false,
    logLevel: "warn",
    root,
    publicDir: false,
    define: { __BUILD__: JSON.stringify({ version, files: addresses } satisfies Build) },
    build: {
      target,
      outDir: out,
      emptyOutDir: false,
      rolldownOptions: {
        input: "sw/worker.ts",
        output: { format: "iife", entryFileNames: "sw.js" },
      },
    },
  });
}

function write(packed: string, file: string, content: Buffer): void {
  const text = /\.(css|html|js|json|svg|txt)$/.test(file);
  const target = join(packed, text ? `${file}.br` : file);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text ? compress(content) : content);
}

function compress(content: Buffer): Buffer {
  return brotliCompressSync(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  });
}
