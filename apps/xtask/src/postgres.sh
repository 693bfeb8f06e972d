# Keeps one throw-away PostgreSQL for as long as somebody holds our standard input open. However that somebody
# ends (done, failed, Ctrl-C, killed), the input closes, the server stops and its folder goes.
# Arguments: the folder of the programs, the loopback port.
set -eu
umask 077
dir=$(mktemp -d "/tmp/xiaoan-pg.XXXXXX")
cd "$dir"
finish() {
    "$1/pg_ctl" stop --silent --mode=immediate --pgdata="$dir/data" >/dev/null 2>&1 || true
    cd /
    rm -rf "$dir"
}
trap 'finish "$1"' EXIT
trap '' INT
"$1/initdb" --pgdata="$dir/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync \
    >"$dir/log" 2>&1 || { cat "$dir/log" >&2; exit 1; }
cat >>"$dir/data/postgresql.conf" <<SETTINGS
listen_addresses = '127.0.0.1'
port = $2
unix_socket_directories = '$dir'
max_connections = 300
fsync = off
synchronous_commit = off
full_page_writes = off
SETTINGS
"$1/pg_ctl" start --silent --wait --timeout=40 --pgdata="$dir/data" --log="$dir/log" >/dev/null 2>&1 ||
    { cat "$dir/log" >&2; exit 1; }
echo ready
cat >/dev/null
