/**
 * Runs the server, says its process id, and ends it when standard input ends, which it does with our
 * process, however that ends.
 */
export const guardScript = `
exec 3<&0
"$@" </dev/null 2>&1 &
server=$!
echo "pid $server"
(
  while read -r line <&3; do :; done
  kill -KILL "$server"
) >/dev/null 2>&1 &
guard=$!
wait "$server"
status=$?
kill "$guard" 2>/dev/null
exit "$status"
`;
