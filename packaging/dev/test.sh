#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Sets up, builds and runs the tests: packaging/dev/test.sh [--all] [ctest arguments]
#   --all               adds the brokers of a cluster (label cluster; installs them) and 20,000 simulated shows
#   TAPPORT_PRESET      which CMake preset to test (dev, asan, tsan, clang); default dev
#   TAPPORT_TIDY_BASE   clang-tidy looks at the files changed since this revision; default HEAD~1
set -euo pipefail
cd "$(dirname "$0")/../.."
preset=${TAPPORT_PRESET:-dev}

all=no
arguments=()
for argument in "$@"; do
    case "$argument" in
        --all) all=yes ;;
        -h | --help) sed -n '3,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
        *) arguments+=("$argument") ;;
    esac
done
[ "$all" = yes ] || arguments+=(-LE '^cluster$')

setup=()
[ "$all" = no ] || setup+=(--cluster)
packaging/dev/setup.sh "${setup[@]}"
reports=build/$preset/sanitizer
rm -rf "$reports"
cmake --preset "$preset" -DTAPPORT_FULL_LENGTH=OFF >/dev/null
cmake --build --preset "$preset"
packaging/dev/check.sh "build/$preset"  # after the build: clang-tidy reads generated headers
cmake --build --preset "$preset" --target all_qmllint >/dev/null
status=0
QT_QPA_PLATFORM=offscreen ctest --test-dir "build/$preset" --output-on-failure -j2 "${arguments[@]}" || status=$?
[ "$all" = no ] || "build/$preset/bin/tapport-simulation" --all || status=$?
# What the sanitizers found, in the tests and in the programs they started.
if [ -n "$(ls -A "$reports" 2>/dev/null)" ]; then
    tail -n +1 "$reports"/*
    status=1
fi
exit $status
