import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

// Builds what would be published, packs it as the registry would get it, and lints the packed form.

const run = promisify(execFile);
const pnpm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ["npx", "-y", "pnpm@10.34.8"];

async function callPnpm(...args: string[]) {
  const [program = "", ...first] = pnpm;
  await run(program, [...first, ...args]).catch((error: { stdout?: string; stderr?: string }) => {
    console.error(`pnpm ${args.join(" ")}\n${error.stdout}${error.stderr}`);
    process.exit(1);
  });
}

async function lint(dir: string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "troupe-pack-"));
  try {
    await callPnpm("--dir", dir, "pack", "--pack-destination", folder);
    const [file = ""] = await readdir(folder);
    const { buffer } = await readFile(join(folder, file));
    const { messages, pkg } = await publint({ strict: true, pack: { tarball: buffer } });
    return messages.map((message) => `${dir}: ${formatMessage(message, pkg, { color: false })}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const packages = (await readdir("packages")).map((name) => `packages/${name}`);
const dirs = packages.filter((dir) => existsSync(join(dir, "src/index.ts")));
if (dirs.length > 0) await callPnpm("--recursive", ...dirs.map((dir) => `--filter=./${dir}`), "run", "build");

const problems = (await Promise.all(dirs.map(lint))).flat();
for (const problem of problems) console.log(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
