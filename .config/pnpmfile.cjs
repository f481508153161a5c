// `start` and `test` own the standard output: no header before what they print, no failure notice after it.
// An install that they set off is not silent, but speaks on the standard error.
const ownsStdout = new Set(["start", "test", "t", "tst"]);
const command = process.argv.slice(2).find((word) => ownsStdout.has(word));

module.exports = {
  hooks: {
    updateConfig: (config) => (command ? { ...config, reporter: "silent" } : { ...config, useStderr: true }),
  },
};
