import { opendirSync, realpathSync } from "node:fs";
import { type BytePath, bytesOf, pathOfBytes } from "./byte-path.ts";
import { Complaint } from "./complaint.ts";

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  ENOTDIR: "is not a folder",
  EACCES: "cannot be read: permission denied",
  ELOOP: "is a link that leads in a circle",
  ENAMETOOLONG: "is too long a path",
};

/**
 * Where the folder to audit really is, whatever links lead there: one folder has one name.
 *
 * @throws Complaint if it is missing, unreadable or not a folder
 */
export function auditedFolder(dir: string): BytePath {
  try {
    const real = pathOfBytes(realpathSync.native(dir, "buffer"));
    opendirSync(bytesOf(real)).closeSync();
    return real;
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    throw new Complaint(`DIR ${dir} ${WORDS[code] ?? `cannot be read: ${message}`}`);
  }
}
