const NUMBER = new Intl.NumberFormat("en-US");
const CENTS = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
] as const;

/** `1,234` */
export function count(amount: number): string {
  return NUMBER.format(amount);
}

/** `$1.20`, of micro-dollars. */
export function dollars(micros: number): string {
  return `$${CENTS.format(micros / 1_000_000)}`;
}

/** `3 d 4 h`, `12 s`, `80 ms`: the two largest units that matter. */
export function duration(ms: number): string {
  const first = UNITS.findIndex(([, size]) => ms >= size);
  const [unit, size] = UNITS[first] ?? [];
  if (unit === undefined || size === undefined) return `${Math.max(0, Math.round(ms))} ms`;
  const [smaller, smallerSize] = UNITS[first + 1] ?? [];
  const whole = `${Math.floor(ms / size)} ${unit}`;
  if (smaller === undefined || smallerSize === undefined) return whole;
  const rest = Math.floor((ms % size) / smallerSize);
  return rest === 0 ? whole : `${whole} ${rest} ${smaller}`;
}

/** `1 letter`, `3 letters`. */
export function plural(amount: number, noun: string): string {
  return amount === 1 ? `1 ${noun}` : `${count(amount)} ${noun}s`;
}

/** `2026-03-01 12:30:05`, in the time zone of this machine. */
export function moment(at: number): string {
  const date = new Date(at);
  const local = new Date(at - date.getTimezoneOffset() * 60_000);
  return Number.isNaN(local.getTime()) ? "unknown" : local.toISOString().slice(0, 19).replace("T", " ");
}
