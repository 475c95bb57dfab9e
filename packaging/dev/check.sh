#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Checks without running anything: formatting of all C++ files, clang-tidy on the changed ones.
#   packaging/dev/check.sh BUILD_DIR      BUILD_DIR holds compile_commands.json
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$1

git ls-files '*.h' '*.cpp' | xargs -r -n 50 clang-format --dry-run -Werror

base=${TAPPORT_TIDY_BASE:-HEAD~1}
git rev-parse -q --verify "$base^{commit}" >/dev/null || base=$(git hash-object -t tree /dev/null)
# Files that include generated headers need a build first; Qt's own are left to qmllint and the compiler.
mapfile -t changed < <(git diff --name-only --diff-filter=AM "$base" -- '*.cpp' | grep -vE '^(firmware-app/view|firmware-app/kiosk|tests/qml|tests/fuzz|tests/bench)/' || true)
[ ${#changed[@]} -eq 0 ] && exit 0
echo "check.sh: clang-tidy on ${#changed[@]} files"
printf '%s\n' "${changed[@]}" | xargs -P 2 -n 4 clang-tidy -p "$build" --quiet
