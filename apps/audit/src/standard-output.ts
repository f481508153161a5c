/** Writes all of a text to the standard output. A reader that has seen enough, such as `head`, is no error. */
export function writeOut(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => (error.code === "EPIPE" ? resolve() : reject(error));
    process.stdout.once("error", fail);
    process.stdout.write(text, (error) => {
      if (error) return fail(error);
      process.stdout.off("error", fail);
      resolve();
    });
  });
}
