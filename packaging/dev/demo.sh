#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Sets up, builds and runs the main job: kiosk, badge reader, broker and hub on this machine.
#   --headless   a scripted booth day without a display (also when there is none)
#   --visits N   attendees of the scripted day (20)      --seed N   what it is drawn from (1)
#   --out DIR    where data, logs, pictures and the export go (a fresh directory)
#   --keep       leave everything running until Ctrl-C
set -euo pipefail
repository=$(cd "$(dirname "$0")/../.." && pwd)

for argument in "$@"; do
    case "$argument" in -h | --help) sed -n '3,7s/^# \{0,1\}//p' "$0"; exit 0 ;; esac
done

# Relative paths in the arguments are the caller's, so the caller's directory stays.
"$repository/packaging/dev/setup.sh"
cmake -S "$repository" --preset dev >/dev/null
cmake --build "$repository/build/dev" -j2 --target tapport-boothday tapport tapport-hub tapport-kiosk \
    tapport-reader tapport-badgesim >/dev/null
exec "$repository/build/dev/bin/tapport-boothday" "$@"
