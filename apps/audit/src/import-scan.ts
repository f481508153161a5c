import ts from "typescript";
import { type BytePath, extensionOf } from "./byte-path.ts";

const SCRIPT_KINDS: ReadonlyMap<string, ts.ScriptKind> = new Map([
  ["js", ts.ScriptKind.JSX],
  ["mjs", ts.ScriptKind.JSX],
  ["cjs", ts.ScriptKind.JSX],
  ["jsx", ts.ScriptKind.JSX],
  ["ts", ts.ScriptKind.TS],
  ["mts", ts.ScriptKind.TS],
  ["cts", ts.ScriptKind.TS],
  ["tsx", ts.ScriptKind.TSX],
]);

const RELATIVE = /^\.\.?(?:\/|$)/;

/** No import is written without one of these words, and no relative one without a quoted dot or an escape. */
const IMPORT_WORD = /import|require|from/;
const RELATIVE_LITERAL = /["'`]\.|\\/;

/** Whether a file of this name is JavaScript or TypeScript. */
export function isScript(path: BytePath): boolean {
  return SCRIPT_KINDS.has(extensionOf(path));
}

/**
 * The relative targets that a script imports, in order of occurrence, with repetitions: of `import` and
 * `export … from`, of `import x = require()`, and of `import()`, `require()` and import types with a literal.
 *
 * The whole syntax tree is parsed: `ts.preProcessFile` only scans tokens, and takes what stands in a
 * regular expression or in the text of a JSX element for an import. The parser mends what is broken.
 *
 * @param path its extension says which language to parse
 * @returns undefined when the parser gave up, as it does on brackets nested thousands deep
 */
export function scanImports(path: BytePath, text: string): readonly string[] | undefined {
  if (!IMPORT_WORD.test(text) || !RELATIVE_LITERAL.test(text)) return [];
  const root = parse(path, text);
  return root && literalsOf(root);
}

function parse(path: BytePath, text: string): ts.SourceFile | undefined {
  const extension = extensionOf(path);
  const options = { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone };
  try {
    return ts.createSourceFile(`script.${extension}`, text, options, false, SCRIPT_KINDS.get(extension));
  } catch {
    return undefined;
  }
}

/** Walks with a list of its own: a sum of ten thousand strings is a tree deeper than the call stack. */
function literalsOf(root: ts.SourceFile): string[] {
  const found: ts.StringLiteralLike[] = [];
  const open: ts.Node[] = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    const target = targetNode(node);
    if (target && ts.isStringLiteralLike(target) && RELATIVE.test(target.text)) found.push(target);
    ts.forEachChild(node, (child) => {
      open.push(child);
    });
  }
  // Half a surrogate pair is not text: no store or file system would give it back as it was.
  return found.sort((a, b) => a.pos - b.pos).map((literal) => literal.text.toWellFormed());
}

function targetNode(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isExternalModuleReference(node)) return node.expression;
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
  if (ts.isCallExpression(node) && isImporter(node.expression)) return node.arguments[0];
  return undefined;
}

function isImporter(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return callee.text === "require";
  if (ts.isMetaProperty(callee))
    return callee.keywordToken === ts.SyntaxKind.ImportKeyword && callee.name.text === "defer";
  return callee.kind === ts.SyntaxKind.ImportKeyword;
}
