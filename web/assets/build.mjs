// SPDX-License-Identifier: Apache-2.0
//
// Builds static/ from src/: compiles the style sheet over govuk-frontend and
// copies the scripts as they are. Run by `npm run build`; static/ is ignored by
// git but for .keep, and embedded in the binary.

import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, "src");
const target = join(here, "static");

mkdirSync(target, { recursive: true });
for (const name of readdirSync(target)) {
  if (name !== ".keep") rmSync(join(target, name), { recursive: true });
}

const sheet = sass.compile(join(source, "quanze.scss"), {
  style: "compressed",
  charset: false,
  loadPaths: [join(here, "node_modules", "govuk-frontend", "dist")],
  quietDeps: true,
});
for (const foreign of ["GDS Transport", "url(", "@font-face", "crown"]) {
  if (sheet.css.includes(foreign)) throw new Error(`the style sheet contains ${foreign}`);
}
writeFileSync(join(target, "quanze.css"), sheet.css + "\n");

for (const name of readdirSync(source)) {
  if (name.endsWith(".js") || name.endsWith(".svg")) copyFileSync(join(source, name), join(target, name));
}
console.log(`quanze.css ${sheet.css.length} bytes`);
