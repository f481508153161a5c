import { sql } from "./statement.ts";

/** The columns of mail. Holds the runs' rows `FOR SHARE`, in the order of their ids: none ends before its mail is in. */
export const POST_MAIL = sql<never>`select troupe.post_mail($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`;
