import { type BytePath, nameOf, textOf } from "./byte-path.ts";

/** A group's name for its folder: what a group may be called of the folder's name, after a number that makes it unique. */
export function groupName(at: number, folder: BytePath): string {
  return `${at + 1}-${textOf(nameOf(folder)).replaceAll(/[^A-Za-z0-9._-]+/g, "_")}`.slice(0, 64);
}
