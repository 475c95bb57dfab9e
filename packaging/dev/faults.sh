#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds, then tries to make the programs lose something: packaging/dev/faults.sh [--all] [ctest arguments]
#   without --all   what every run of the tests does: 2,000 simulated shows, all mutants, a sample of the rest; about 2 minutes
#   --all           20,000 simulated shows, 10,000 power cuts of each disk, 20 schedules of faults and 20 of partitions, 40 kill
#                   points of each program, the brokers of a cluster killed node by node (installs them); an hour or so
# What each of them does and found: tests/fault/README.md, tests/simulation/README.md. Kills, failing system calls and the
# full disk need root or ptrace and a file system of one's own. TAPPORT_PRESET: which CMake preset (dev, asan, tsan), default
# dev; what sanitizers found is shown, and fails.
set -euo pipefail
cd "$(dirname "$0")/../.."
preset=${TAPPORT_PRESET:-dev}
full=OFF
arguments=()
for argument in "$@"; do
    case "$argument" in
        --all) full=ON ;;
        -h | --help) sed -n '3,9s/^# \{0,1\}//p' "$0"; exit 0 ;;
        *) arguments+=("$argument") ;;
    esac
done
setup=()
seeds=()
labels='^fault$'
if [ "$full" = ON ]; then
    setup=(--cluster)
    seeds=(--all)
    labels='^(fault|cluster)$'
fi
packaging/dev/setup.sh "${setup[@]}"
reports=build/$preset/sanitizer
rm -rf "$reports"
cmake --preset "$preset" -DTAPPORT_FULL_LENGTH="$full" >/dev/null
cmake --build --preset "$preset" >/dev/null
status=0
"build/$preset/bin/tapport-simulation" "${seeds[@]}" || status=$?
QT_QPA_PLATFORM=offscreen ctest --test-dir "build/$preset" --output-on-failure -L "$labels" "${arguments[@]}" || status=$?
# What the sanitizers found, in the tests and in the programs they started.
if [ -n "$(ls -A "$reports" 2>/dev/null)" ]; then
    tail -n +1 "$reports"/*
    status=1
fi
exit $status
