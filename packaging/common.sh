# Shared by the scripts of this folder, which source it.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# The one place where the version stands is Cargo.toml.
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$root/Cargo.toml" | head -n 1)

# Files carry the time of the commit, not that of the build: two builds of one commit give the same bytes.
if [ -z "${SOURCE_DATE_EPOCH:-}" ]; then
    SOURCE_DATE_EPOCH=$(git -C "$root" log -1 --format=%ct 2>/dev/null || echo 0)
fi
export SOURCE_DATE_EPOCH

# Modes of files must not depend on who builds.
umask 022

# What a package says of the program.
summary='Terminal dashboard for Amazon CloudFront invalidations'

# usage TEXT: says how a script is called, and ends it.
usage() {
    printf 'usage: %s\n' "$1" >&2
    exit 2
}

# documents BINARY FOLDER: the manual page and the completions, as the program itself writes them.
documents() {
    mkdir -p "$2"
    "$1" man >"$2/invalidash.1"
    "$1" completions bash >"$2/invalidash.bash"
    "$1" completions zsh >"$2/_invalidash"
    "$1" completions fish >"$2/invalidash.fish"
}

# dated FOLDER: gives everything in a folder the same time.
dated() {
    find "$1" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
}
