#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Checks without running anything: formatting of all C++ files, clang-tidy on the changed ones.
#   packaging/dev/check.sh BUILD_DIR    BUILD_DIR is built: it holds compile_commands.json and generated headers
#   TAPPORT_TIDY_BASE   changed since this revision; default: HEAD~1, for a merge what either side brought,
#                       for the first commit (or a shallow clone's) everything
#   TAPPORT_TIDY_MOST   at most so many files, those changed last first; default 40: about 4 minutes on 2 cores
# The static analyzer (clang-analyzer-*) more than doubles that, so only TAPPORT_TIDY_ANALYZER=1 runs it.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$1
most=${TAPPORT_TIDY_MOST:-40}

git ls-files '*.h' '*.cpp' | xargs -r -n 50 clang-format --dry-run -Werror

base=${TAPPORT_TIDY_BASE:-$(git merge-base HEAD^1 HEAD^2 2>/dev/null || echo HEAD~1)}
range=$base..HEAD
if ! git rev-parse -q --verify "$base^{commit}" >/dev/null; then
    base=$(git hash-object -t tree /dev/null)
    range=HEAD
fi
# The working tree's own changes first, then commit by commit. Left out: Qt's files, which the compiler and
# qmllint read, and those that other presets build.
mapfile -t changed < <(
    { git diff --name-only HEAD; git log --format= --name-only "$range"; git diff --name-only "$base"; } |
        awk '/\.cpp$/ && !seen[$0]++' |
        grep -vE '^(firmware-app/view|firmware-app/kiosk|qml|tests/qml|tests/fuzz|tests/bench)/' |
        while read -r file; do [ ! -f "$file" ] || echo "$file"; done)
if [ ${#changed[@]} -gt "$most" ]; then
    echo "check.sh: ${#changed[@]} files changed; clang-tidy reads the $most changed last"
    changed=("${changed[@]:0:most}")
fi
[ ${#changed[@]} -eq 0 ] && exit 0
echo "check.sh: clang-tidy on ${#changed[@]} files"
# The tests' precompiled header is g++'s, which clang cannot read.
mkdir -p "$build/tidy"
sed 's# -Winvalid-pch -include [^ ]*/cmake_pch.hxx##' "$build/compile_commands.json" >"$build/tidy/compile_commands.json"
checks=-clang-analyzer-*
[ -z "${TAPPORT_TIDY_ANALYZER:-}" ] || checks=
printf '%s\n' "${changed[@]}" | xargs -P "$(nproc)" -n 4 clang-tidy -p "$build/tidy" --quiet "--checks=$checks"
