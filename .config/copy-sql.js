import { cpSync, statSync } from "node:fs";

// The compiler leaves migrations behind; a package needs them beside its compiled code.
cpSync("src", "dist", {
  recursive: true,
  filter: (source) => statSync(source).isDirectory() || source.endsWith(".sql"),
});
