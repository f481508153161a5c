export const NOBODY = 65534;

/** Root reads everything, so the unreadable files are only unreadable to someone else. */
export async function withoutPrivileges<T>(act: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return await act();
  process.seteuid?.(NOBODY);
  try {
    return await act();
  } finally {
    process.seteuid?.(0);
  }
}
