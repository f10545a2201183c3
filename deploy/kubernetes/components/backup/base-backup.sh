#!/bin/sh
# Takes a base back-up, and removes all but the newest ones with the write-ahead log that only older ones need.
set -eu
directory="${BACKUP_DIRECTORY:-/backup}"
keep="${BACKUP_KEEP:-7}"
name="$(date -u +%Y%m%dT%H%M%SZ)"
mkdir -p "$directory/base"
rm -rf "$directory/base/"*.part
pg_basebackup --pgdata="$directory/base/$name.part" --format=tar --gzip --wal-method=none --checkpoint=fast --label="metallm $name" --no-password
mv "$directory/base/$name.part" "$directory/base/$name"
ls -1 "$directory/base" | sort -r | tail -n "+$((keep + 1))" | while read -r old; do rm -rf "$directory/base/$old"; done
oldest="$(ls -1 "$directory/base" | sort | head -n 1)"
first="$(tar -xzOf "$directory/base/$oldest/base.tar.gz" backup_label | sed -n 's/^START WAL LOCATION: .* (file \([0-9A-F]*\))$/\1/p')"
pg_archivecleanup "$directory/wal" "$first"
echo "took $name; the oldest is $oldest, from $first on"
