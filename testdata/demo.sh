#!/usr/bin/env bash
# What pageseal is for, in a minute: demo.sh PAGESEAL
set -euo pipefail
pageseal=$(realpath "$1")
sqlcipher=${PAGESEAL_PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/pageseal/peers}/sqlcipher-4.14/peer
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }

say "1. A clinic database, encrypted with a passphrase"
"$pageseal" clinic.db <<'SQL'
PRAGMA key = 'correct horse battery';
CREATE TABLE patient(id INTEGER PRIMARY KEY, name TEXT, born TEXT, allergy TEXT);
INSERT INTO patient(name, born, allergy) VALUES
  ('Ada Muster',    '1985-12-10', 'penicillin'),
  ('Bruno Beispiel','1969-07-20', NULL),
  ('Carla Exempel', '2001-01-09', 'latex');
SQL

say "2. The query that it is for"
"$pageseal" clinic.db <<'SQL'
PRAGMA key = 'correct horse battery';
SELECT name, allergy FROM patient WHERE allergy IS NOT NULL;
SQL

say "3. The file is noise: its first bytes, and what a search for a name finds"
od -A d -t x1 -N 64 clinic.db
grep -c "Ada Muster" clinic.db || true
"$pageseal" info clinic.db

say "4. A wrong key, and none"
"$pageseal" clinic.db <<'SQL' || true
PRAGMA key = 'incorrect horse';
SELECT name FROM patient;
SQL
"$pageseal" clinic.db "SELECT name FROM patient" || true

say "5. A real SQLCipher reads it ..."
"$sqlcipher" clinic.db "PRAGMA key = 'correct horse battery'" "PRAGMA cipher_version" \
  "SELECT name, born FROM patient" "PRAGMA cipher_integrity_check"

say "... and writes it, and pageseal sees what it wrote"
"$sqlcipher" clinic.db "PRAGMA key = 'correct horse battery'" \
  "INSERT INTO patient(name, born) VALUES('Dora Probe', '1990-02-30')"
"$pageseal" clinic.db <<'SQL'
PRAGMA key = 'correct horse battery';
SELECT count(*) || ' patients' FROM patient;
PRAGMA integrity_check;
SQL
