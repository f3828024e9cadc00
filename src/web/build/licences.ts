import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Lock {
  packages: Record<string, { dev?: boolean; version?: string; license?: string }>;
}

/** For a package that names its licence and its author, and leaves out the text. */
const mit = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to
whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`;

/** The licence texts of all packages that are shipped, as `/licenses.txt`: what the lock file does not mark as for development. */
export function licences(root: string): string {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as Lock;
  return Object.entries(lock.packages)
    .filter(([folder, { dev }]) => folder !== "" && !dev)
    .map(([folder, { version, license }]) => {
      const name = folder.replace(/^.*node_modules\//, "");
      return `${name} ${version}, ${license}\n\n${text(join(root, folder), name, license)}`;
    })
    .join(`\n\n${"-".repeat(80)}\n\n`);
}

function text(folder: string, name: string, license: string | undefined): string {
  const file = existsSync(folder) && readdirSync(folder).find((each) => /^licen[sc]e/i.test(each));
  if (file) return readFileSync(join(folder, file), "utf8").trim();
  const { author } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    author?: string | { name: string };
  };
  const by = typeof author === "string" ? author : author?.name;
  if (license !== "MIT" || !by) throw new Error(`${name} is shipped and has no licence text`);
  return `Copyright (c) ${by}\n\n${mit}`.trim();
}
