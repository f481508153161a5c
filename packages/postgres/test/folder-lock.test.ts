import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { lockFolder } from "../src/folder-lock.ts";

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "troupe-lock-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** The pid of a process that has come and gone. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ["--eval", ""]);
  await once(child, "exit");
  return child.pid ?? 0;
}

/** A lock, or an heir to one, as another process would have left it. */
function leave(path: string, holder: object, heirOf?: string) {
  const file = heirOf === undefined ? "troupe.lock" : `troupe.lock.after-${heirOf}`;
  const whole = { host: hostname(), started: "some boot 12345", nonce: "left", ...holder };
  return writeFile(join(path, file), JSON.stringify(whole));
}

it("is held by one at a time, also within this process", async () => {
  const path = await folder();
  const release = await lockFolder(path);

  await expect(lockFolder(path)).rejects.toMatchObject({
    code: "store_busy",
    detail: `${path} is open in process ${process.pid}, which is this one`,
  });
  await release();

  await (await lockFolder(path))();
  expect(await readdir(path)).toEqual([]);
});

it("names the process that holds it", async () => {
  const path = await folder();
  const child = spawn(process.execPath, ["--eval", "setInterval(() => {}, 1000)"]);
  onTestFinished(() => void child.kill("SIGKILL"));
  const stat = await readFile(`/proc/${child.pid}/stat`, "utf8").catch(() => undefined);
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "");
  const ticks = stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  await leave(path, { pid: child.pid, started: stat === undefined ? null : `${boot.trim()} ${ticks}` });

  await expect(lockFolder(path)).rejects.toMatchObject({
    code: "store_busy",
    detail: expect.stringContaining(`${path} is open in process ${child.pid} on ${hostname()}`),
  });
});

it("is taken from a process that is dead", async () => {
  const path = await folder();
  await leave(path, { pid: await deadPid() });

  await (await lockFolder(path))();

  expect(await readdir(path)).toEqual([]);
});

it.runIf(process.platform === "linux")("is taken when its pid belongs to another process by now", async () => {
  const path = await folder();
  await leave(path, { pid: process.ppid });

  await (await lockFolder(path))();
});

it.runIf(process.platform === "linux")(
  "is taken from a process that is dead, though its parent has not noticed",
  async () => {
    const path = await folder();
    // The shell becomes a program that never waits for the child it had.
    const parent = spawn("sh", ["-c", "sleep 0 & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "ignore"] });
    onTestFinished(() => void parent.kill("SIGKILL"));
    const [pid] = (await once(parent.stdout, "data")).map((text) => Number(text));
    const fields = async () => {
      const stat = await readFile(`/proc/${pid}/stat`, "utf8");
      return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    };
    await vi.waitFor(async () => expect((await fields())[0]).toBe("Z"));
    const boot = (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
    await leave(path, { pid, started: `${boot} ${(await fields())[19]}` });

    const release = await lockFolder(path);

    await release();
  },
);

it("is not taken from a process of another host, of which nothing is known", async () => {
  const path = await folder();
  await leave(path, { pid: await deadPid(), host: "elsewhere" });

  await expect(lockFolder(path)).rejects.toMatchObject({
    code: "store_busy",
    detail: expect.stringMatching(/on elsewhere; .* remove .*troupe\.lock$/),
  });
});

it("goes to one of many who find it stale at the same time", async () => {
  const path = await folder();
  const pid = await deadPid();
  for (let round = 0; round < 20; round++) {
    await leave(path, { pid, nonce: `round-${round}` });

    const tries = await Promise.allSettled(Array.from({ length: 10 }, () => lockFolder(path)));

    const winners = tries.filter((one) => one.status === "fulfilled");
    expect(winners).toHaveLength(1);
    expect(await readdir(path)).toEqual(["troupe.lock"]);
    await winners[0]?.value();
  }
});

it("is taken from an heir that died before it had replaced the lock", async () => {
  const path = await folder();
  const pid = await deadPid();
  await leave(path, { pid, nonce: "first" });
  await leave(path, { pid, nonce: "second" }, "first");
  await leave(path, { pid, nonce: "third" }, "second");

  const release = await lockFolder(path);

  expect(await readdir(path)).toEqual(["troupe.lock"]);
  await release();
});

it("waits for an heir that lives", async () => {
  const path = await folder();
  await leave(path, { pid: await deadPid(), nonce: "first" });
  await leave(path, { pid: process.ppid, started: null, nonce: "second" }, "first");

  await expect(lockFolder(path)).rejects.toMatchObject({ code: "store_busy" });
});

it("says what to do about a file that it cannot read", async () => {
  const path = await folder();
  await writeFile(join(path, "troupe.lock"), "");

  await expect(lockFolder(path)).rejects.toMatchObject({
    code: "store_invalid",
    detail: expect.stringContaining("remove it if no process uses the store"),
  });
});
