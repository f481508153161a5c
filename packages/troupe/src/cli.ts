#!/usr/bin/env node
import { runProgram } from "./cli/program.ts";

// `troupe inspect | head`: that nobody reads on is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit();
  throw error;
});

const exitCode = await runProgram(process.argv.slice(2));
if (exitCode !== undefined) process.exitCode = exitCode;
