#!/bin/sh
# Receives the write-ahead log as it is written, for as long as it runs. The slot keeps on the server what has not been received yet: watch
# pg_replication_slots, for a receiver that stays away fills the server's disk.
set -eu
directory="${BACKUP_DIRECTORY:-/backup}"
mkdir -p "$directory/wal"
pg_receivewal --directory="$directory/wal" --slot=metallm_backup --create-slot --if-not-exists --no-password
exec pg_receivewal --directory="$directory/wal" --slot=metallm_backup --no-password
