#!/bin/sh
# Makes a container image from this machine's own redis-server, for machines that reach no image registry.
# Usage: scripts/redis-image.sh [TAG]
set -eu

tag=${1:-quorumlock-redis:local}
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

for folder in bin etc tmp data proc sys dev usr/local/bin; do mkdir -p "$root/$folder"; done
chmod 1777 "$root/tmp"
chmod 777 "$root/data"

# The programs, and the libraries that the loader would find for them.
for program in redis-server redis-cli; do
  path=$(readlink -f "$(command -v "$program")")
  cp "$path" "$root/usr/local/bin/$program"
  ldd "$path" | grep -o '/[^ )]*' | while read -r library; do
    mkdir -p "$root$(dirname "$library")"
    cp -L "$library" "$root$library"
  done
done

# A shell for health checks and for whoever looks inside.
cp "$(command -v busybox)" "$root/bin/busybox"
for applet in sh cat ls sleep; do ln -s busybox "$root/bin/$applet"; done
echo 'root:x:0:0:root:/:/bin/sh' > "$root/etc/passwd"

# Inside a container everybody who can reach the port may use it, as in the official image.
cat > "$root/usr/local/bin/entrypoint" <<'END'
#!/bin/sh
if [ "$1" = redis-server ]; then
  shift
  set -- redis-server --protected-mode no --bind '*' "$@"
fi
exec "$@"
END
chmod 755 "$root/usr/local/bin/entrypoint"

tar -C "$root" -c . | docker import \
  --change 'ENV PATH=/usr/local/bin:/bin' \
  --change 'WORKDIR /data' \
  --change 'EXPOSE 6379' \
  --change 'ENTRYPOINT ["/usr/local/bin/entrypoint"]' \
  --change 'CMD ["redis-server"]' \
  - "$tag" > /dev/null
echo "$tag: $(redis-server --version)"
