/** Who grants: what kind of servers a system is given. */
export type Authority = "redis" | Database | "zookeeper";

/** One server that is asked in SQL. */
export type Database = "postgres" | "mariadb";

export const databases: readonly Database[] = ["postgres", "mariadb"];

/** What makes sense for every one of them. */
export const everywhere: readonly Authority[] = ["redis", ...databases, "zookeeper"];

/** One that is not a number of independent masters. */
export type OneAuthority = Exclude<Authority, "redis">;

export const authorityNames: Readonly<Record<Authority, string>> = {
  redis: "Redis",
  postgres: "PostgreSQL",
  mariadb: "MariaDB",
  zookeeper: "ZooKeeper",
};

export function isDatabase(authority: Authority): authority is Database {
  return databases.some((each) => each === authority);
}
