import { type Dirent, lstatSync, readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import ts from "typescript";

/**
 * The whole report, made in the plainest way: everything is read at once, and imports are resolved by
 * looking at the disk. It shares no code with the audit, so that where they agree both are likely right.
 *
 * Paths are latin1 strings of their bytes here too, for want of anything plainer that keeps every byte.
 */
export function oracleJson(dir: string): string {
  const root = Buffer.from(dir).toString("latin1");
  const files = new Map<string, Buffer>();
  const unreadable: { path: string; error: string }[] = [];
  const tops = new Set<string>();
  const attempt = (path: string, act: () => void): void => {
    try {
      act();
    } catch (error) {
      unreadable.push({ path: path || ".", error: (error as NodeJS.ErrnoException).code ?? "?" });
    }
  };
  const visit = (folder: string): void =>
    attempt(folder, () => {
      for (const entry of readdirSync(onDisk(root, folder), { withFileTypes: true, encoding: "buffer" })) {
        const path = folder + (folder && "/") + latin1(entry);
        if (entry.isFile()) attempt(path, () => files.set(path, readFileSync(onDisk(root, path))));
        if (!entry.isDirectory() || [".git", "node_modules"].includes(latin1(entry))) continue;
        if (folder === "") tops.add(path);
        visit(path);
      }
    });
  visit("");

  const paths = [...files.keys()].sort(byBytes);
  const isText = (path: string): boolean => !contentOf(path).includes(0);
  const contentOf = (path: string): Buffer => files.get(path) ?? Buffer.of();
  const linesOf = (path: string): number =>
    isText(path) ? contentOf(path).toString("latin1").split("\n").length - 1 : 0;
  const topOf = (path: string): string => (path.includes("/") ? (path.split("/")[0] ?? "") : ".");
  const total = (list: string[], count: (path: string) => number): number =>
    list.reduce((sum, path) => sum + count(path), 0);
  const counts = (list: string[]) => ({
    files: list.length,
    binaryFiles: list.filter((path) => !isText(path)).length,
    bytes: total(list, (path) => contentOf(path).length),
    lines: total(list, linesOf),
  });

  const todos = paths.filter(isText).flatMap((path) => todosOf(path, contentOf(path)));
  for (const path of paths) tops.add(topOf(path));
  const extensions = new Set(paths.map((path) => /\.([^./]*)$/.exec(path)?.[1] ?? ""));

  const imports = new Map<string, number>();
  const unresolved: { path: string; specifier: string }[] = [];
  for (const path of paths.filter(isText)) {
    for (const specifier of specifiersOf(path, contentOf(path)).sort((a, b) =>
      Buffer.compare(Buffer.from(a), Buffer.from(b)),
    )) {
      const target = findTarget(root, path, specifier);
      if (target === undefined) unresolved.push({ path: utf8(path), specifier });
      else imports.set(`${topOf(path)}/${topOf(target)}`, (imports.get(`${topOf(path)}/${topOf(target)}`) ?? 0) + 1);
    }
  }

  return `${JSON.stringify(
    {
      ...counts(paths),
      folders: [...tops].sort(byBytes).map((top) => ({
        path: utf8(top),
        ...counts(paths.filter((path) => topOf(path) === top)),
        todos: todos.filter((todo) => topOf(todo.path) === top).length,
      })),
      extensions: [...extensions].sort(byBytes).map((extension) => {
        const same = paths.filter((path) => (/\.([^./]*)$/.exec(path)?.[1] ?? "") === extension);
        return { extension: utf8(extension), files: same.length, lines: total(same, linesOf) };
      }),
      todos: todos.map((todo) => ({ ...todo, path: utf8(todo.path) })),
      imports: [...imports]
        .map(([key, count]) => [key.split("/"), count] as const)
        .sort(([a], [b]) => byBytes(a[0] ?? "", b[0] ?? "") || byBytes(a[1] ?? "", b[1] ?? ""))
        .map(([[from = "", to = ""], count]) => ({ from: utf8(from), to: utf8(to), count })),
      unresolved,
      longest: paths
        .filter(isText)
        .map((path) => ({ path: utf8(path), lines: linesOf(path) }))
        .sort((a, b) => b.lines - a.lines)
        .slice(0, 10),
      unreadable: unreadable
        .sort((a, b) => byBytes(a.path, b.path))
        .map(({ path, error }) => ({ path: utf8(path), error })),
    },
    null,
    2,
  )}\n`;
}

function todosOf(path: string, content: Buffer): { path: string; line: number; text: string }[] {
  return content
    .toString("latin1")
    .split("\n")
    .flatMap((line, at) => {
      if (!/(?<![A-Za-z0-9_])(TODO|FIXME)(?![A-Za-z0-9_])/.test(line)) return [];
      const bytes = Buffer.from(line.endsWith("\r") ? line.slice(0, -1) : line, "latin1");
      const chars = [...new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)];
      return [{ path, line: at + 1, text: chars.length > 500 ? `${chars.slice(0, 500).join("")}…` : chars.join("") }];
    });
}

/** From the literals up: a literal is an import's target by what it is a part of. */
function specifiersOf(path: string, content: Buffer): string[] {
  const extension = /\.(c|m)?(j|t)s(x?)$/.exec(path);
  if (!extension || /\.[cm][jt]sx$/.test(path) || content.length > 8 * 1024 * 1024) return [];
  const kind = extension[2] === "j" ? ts.ScriptKind.JS : extension[3] === "x" ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const file = ts.createSourceFile("x", content.toString(), ts.ScriptTarget.ESNext, true, kind);
  const found: string[] = [];
  const queue: ts.Node[] = [file];
  for (const node of queue) {
    if ((ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) && isTarget(node)) found.push(node.text);
    node.forEachChild((child) => void queue.push(child));
  }
  return found
    .filter((text) => text === "." || text === ".." || text.startsWith("./") || text.startsWith("../"))
    .map((text) => Buffer.from(text).toString());
}

function isTarget(literal: ts.LiteralExpression): boolean {
  const { parent } = literal;
  switch (parent.kind) {
    case ts.SyntaxKind.ImportDeclaration:
    case ts.SyntaxKind.ExportDeclaration:
    case ts.SyntaxKind.ExternalModuleReference:
      return true;
    case ts.SyntaxKind.LiteralType:
      return ts.isImportTypeNode(parent.parent) && parent.parent.argument === parent;
    case ts.SyntaxKind.CallExpression: {
      const call = parent as ts.CallExpression;
      return call.arguments[0] === literal && /^(import|require|import\.defer)$/.test(call.expression.getText());
    }
    default:
      return false;
  }
}

/** As Node's `require` and TypeScript look: at the disk, one name after the other. */
function findTarget(root: string, importer: string, specifier: string): string | undefined {
  const path = posix.join(posix.dirname(importer), Buffer.from(specifier).toString("latin1"));
  const onlyFolder = path.endsWith("/") || /(^|\/)\.\.?$/.test(specifier);
  return (onlyFolder ? undefined : asFile(root, path)) ?? asFolder(root, path.replace(/\/$/, ""));
}

function asFile(root: string, path: string): string | undefined {
  const stem = path.replace(/(\.d)?\.[^./]*$/, "");
  const ends = ["", ".js", ".json", ".node", ".ts", ".tsx", ".d.ts", ".jsx"].map((end) => path + end);
  if (/\.(jsx?|tsx?)$/.test(path)) ends.push(...[".ts", ".tsx", ".d.ts", ".js", ".jsx"].map((end) => stem + end));
  if (/\.[mc][jt]s$/.test(path)) {
    const letter = path.at(-3);
    ends.push(`${stem}.${letter}ts`, `${stem}.d.${letter}ts`, `${stem}.${letter}js`);
  }
  const other = /^(.*)\.([^./]+)$/.exec(path);
  if (other && !/^[cm]?[jt]sx?$/.test(other[2] ?? "")) ends.push(`${other[1]}.d.${other[2]}.ts`);
  return ends.find((end) => isFile(root, end));
}

function asFolder(root: string, folder: string): string | undefined {
  const manifest = posix.join(folder, "package.json");
  let fields: Record<string, unknown> = {};
  try {
    if (isFile(root, manifest)) fields = JSON.parse(readFileSync(onDisk(root, manifest), "utf8")) ?? {};
  } catch {}
  for (const field of ["typings", "types", "main"]) {
    const entry = fields[field];
    if (typeof entry !== "string" || entry === "" || entry.startsWith("/")) continue;
    const path = posix.join(folder, Buffer.from(entry).toString("latin1")).replace(/\/$/, "");
    const found = asFile(root, path) ?? asFile(root, posix.join(path, "index"));
    if (found !== undefined) return found;
  }
  return asFile(root, posix.join(folder, "index"));
}

function isFile(root: string, path: string): boolean {
  const names = posix.normalize(path).split("/");
  try {
    return names.every((name, at) => {
      const stat = lstatSync(onDisk(root, names.slice(0, at + 1).join("/")));
      if (at === names.length - 1) return stat.isFile();
      return stat.isDirectory() && ![".git", "node_modules", ".."].includes(name);
    });
  } catch {
    return false;
  }
}

function onDisk(root: string, path: string): Buffer {
  return Buffer.from(`${root}/${path}`, "latin1");
}

function latin1(entry: Dirent<Buffer>): string {
  return entry.name.toString("latin1");
}

function utf8(path: string): string {
  return Buffer.from(path, "latin1").toString("utf8");
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, "latin1"), Buffer.from(b, "latin1"));
}
