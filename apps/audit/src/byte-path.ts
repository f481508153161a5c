declare const brand: unique symbol;

/**
 * A path whose chars are its raw bytes, one byte each (U+0000 to U+00FF), with `/` between names.
 *
 * A file name on a POSIX system is bytes, not text. This form keeps names that are not UTF-8 through
 * JSON and msgpack, and plain `<` on it is byte order. The empty path is the folder that was asked for.
 */
export type BytePath = string & { readonly [brand]: true };

/** The folder that everything else is relative to. */
export const ROOT = "" as BytePath;

/** How the report names the top-level folder of files that lie in no folder. */
const TOP = "." as BytePath;

/** Takes raw bytes, such as a name that `readdir` gave, as a path. */
export function pathOfBytes(bytes: Uint8Array): BytePath {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1") as BytePath;
}

/** Takes text, such as a command-line argument or an import's target, as the path of its UTF-8 bytes. */
export function pathOfText(text: string): BytePath {
  return Buffer.from(text, "utf8").toString("latin1") as BytePath;
}

/** The bytes to hand to the file system. */
export function bytesOf(path: BytePath): Buffer {
  return Buffer.from(path, "latin1");
}

/** The bytes as text; those that are not UTF-8 become U+FFFD. */
export function textOf(path: BytePath): string {
  return bytesOf(path).toString("utf8");
}

/** The path as people write it: its text, or `.` for the root. */
export function displayPath(path: BytePath): string {
  return textOf(path === ROOT ? TOP : path);
}

/** Appends a path to a folder's; either may be the empty path. */
export function joinPath(folder: BytePath, rest: BytePath): BytePath {
  if (folder === ROOT) return rest;
  if (rest === ROOT) return folder;
  return (folder.endsWith("/") ? folder + rest : `${folder}/${rest}`) as BytePath;
}

/** The folder that a path lies in. */
export function parentOf(path: BytePath): BytePath {
  return path.slice(0, Math.max(0, path.lastIndexOf("/"))) as BytePath;
}

/** The last name of a path. */
export function nameOf(path: BytePath): BytePath {
  return path.slice(path.lastIndexOf("/") + 1) as BytePath;
}

/** The top-level folder that a relative file path lies in, `.` for a file that lies in none. */
export function topFolderOf(file: BytePath): BytePath {
  const end = file.indexOf("/");
  return end === -1 ? TOP : (file.slice(0, end) as BytePath);
}

/** What follows the last dot of the name; empty when there is none. */
export function extensionOf(path: BytePath): BytePath {
  const name = nameOf(path);
  const dot = name.lastIndexOf(".");
  return (dot === -1 ? "" : name.slice(dot + 1)) as BytePath;
}

/** Orders two paths by their bytes. */
export function comparePaths(a: BytePath, b: BytePath): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
