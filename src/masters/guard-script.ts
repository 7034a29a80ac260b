/**
 * Runs the server, says its process id, and ends it with a signal when standard input ends, which it does
 * with our process, however that ends. A server that is stopped goes on, so that it can end.
 */
export function guardScript(signal: "KILL" | "QUIT" = "KILL"): string {
  return `
exec 3<&0
"$@" </dev/null 2>&1 &
server=$!
echo "pid $server"
(
  while read -r line <&3; do :; done
  kill -${signal} "$server"
  kill -CONT "$server"
) >/dev/null 2>&1 &
guard=$!
wait "$server"
status=$?
kill "$guard" 2>/dev/null
exit "$status"
`;
}
