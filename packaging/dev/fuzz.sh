#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds the fuzz targets with clang, then lets each run on what strangers may send: packaging/dev/fuzz.sh [NAME ...] [--seconds N]
#   NAME          only these, such as enrol (tests/fuzz has a folder for each); default: all
#   --seconds N   so long each; default 60
# A line each: inputs tried, how many a second, edges reached. What was found worth keeping stays in build/clang/fuzz/NAME/corpus, and
# the next run begins with it. A crash: its input's file, how to see it again; exit code 1.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=60
wanted=()
while [ $# -gt 0 ]; do
    case "$1" in
        -h | --help) sed -n '3,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
        --seconds)
            seconds=${2:-}
            [[ $seconds =~ ^[1-9][0-9]*$ ]] || { echo "fuzz.sh: --seconds needs a number" >&2; exit 2; }
            shift
            ;;
        -*) echo "fuzz.sh: what is '$1'? See --help" >&2; exit 2 ;;
        *) wanted+=("fuzz_${1#fuzz_}") ;;
    esac
    shift
done
packaging/dev/setup.sh
cmake --preset clang >/dev/null
mapfile -t targets <build/clang/tests/fuzz/targets
for name in "${wanted[@]}"; do
    if ! printf '%s\n' "${targets[@]}" | grep -qx -- "$name"; then
        echo "fuzz.sh: no target '${name#fuzz_}'; there are: ${targets[*]#fuzz_}" >&2
        exit 2
    fi
done
[ ${#wanted[@]} -eq 0 ] || targets=("${wanted[@]}")
log=build/clang/fuzz/build.log
mkdir -p build/clang/fuzz
cmake --build --preset clang --target "${targets[@]}" >"$log" 2>&1 || { cat "$log"; exit 1; }

# The last number behind this word in the log.
figure() { grep -aoE "$2[: ]+[0-9]+" "$1" | tail -n 1 | grep -oE '[0-9]+$' || echo '?'; }

status=0
for target in "${targets[@]}"; do
    name=${target#fuzz_}
    program=build/clang/tests/$target
    folder=build/clang/fuzz/$name
    mkdir -p "$folder/corpus" "$folder/crashes"
    rm -rf "$folder/seeds"
    mkdir "$folder/seeds"
    # Valid inputs as today's encoders make them; a target without them is run, which takes no time.
    if ! TAPPORT_FUZZ_SEEDS=$folder/seeds "$program" -runs=0 >"$folder/log" 2>&1; then
        echo "$name: FAILED to make what it begins with: $folder/log"
        status=1
        continue
    fi
    corpora=("$folder/corpus" "$folder/seeds")
    [ ! -d "tests/fixtures/$name/corpus" ] || corpora+=("tests/fixtures/$name/corpus")
    ended=0
    "$program" -max_total_time="$seconds" -print_final_stats=1 -timeout=60 -artifact_prefix="$folder/crashes/" \
        "${corpora[@]}" >"$folder/log" 2>&1 || ended=$?
    printf '%-16s %10s runs %8s/s %7s edges' "$name" "$(figure "$folder/log" stat::number_of_executed_units)" \
        "$(figure "$folder/log" stat::average_exec_per_sec)" "$(figure "$folder/log" cov)"
    if [ "$ended" -eq 0 ]; then
        echo
        continue
    fi
    status=1
    echo "  FAILED: $(grep -a '^SUMMARY' "$folder/log" | tail -n 1 || true)"
    input=$(grep -aoE 'Test unit written to .*' "$folder/log" | tail -n 1 | sed 's/^Test unit written to //' || true)
    if [ -n "$input" ]; then
        echo "    again: $program $input"
    fi
    echo "    log: $folder/log"
done
exit $status
