# SPDX-License-Identifier: GPL-3.0-or-later
# What nats.sh and rabbitmq.sh have in common: three nodes below one directory, on ports of this machine that were free.
# A cluster's directory holds, for node N: N.pid, N.log, N.port (MQTT), and what the engine keeps in nodeN/.
set -euo pipefail
nodes=(1 2 3)

usage() {
    cat >&2 <<TEXT
usage: ${0##*/} up DIR        makes three nodes on this machine and starts them; prints the lines for kiosk.toml and hub.toml
       ${0##*/} status DIR    tells each node's MQTT port, and whether it answers
       ${0##*/} kill N DIR    SIGKILL to node N (1 to 3)
       ${0##*/} start N DIR   starts node N again, beside others that run
       ${0##*/} down DIR      ends all nodes; what they kept stays in DIR
       ${0##*/} start DIR     starts all nodes that do not run, with what they kept; prints the lines again
TEXT
    exit 2
}

die() { echo "${0##*/}: $*" >&2; exit 1; }

engine=  # a cluster's program; set by who sources this

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# An open port is not enough: a node without its fellows lets nobody in. MQTT 3.1.1: CONNECT, clean session, client id "rdy";
# CONNACK, accepted.
lets_in() {
    local answer
    answer=$(
        { exec 3<>"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null || exit
        printf '\x10\x0f\x00\x04MQTT\x04\x02\x00\x0a\x00\x03rdy' >&3
        timeout 5 head -c 4 <&3 | od -An -tx1
        printf '\xe0\x00' >&3
    )
    [ "$answer" = ' 20 02 00 00' ]
}

# A port that nobody listens on now, below those the kernel hands out, and not given before.
given=' '
free_port() {
    local port
    while :; do
        port=$((RANDOM % 12000 + 20000))
        if [[ $given != *" $port "* ]] && ! answers "$port"; then
            given+="$port "
            free=$port
            return
        fi
    done
}

pid_of() { cat "$dir/$1.pid" 2>/dev/null || true; }
# Somebody else's process may have the number by now, after a reboot say: what names this directory is ours. Both may vanish.
is_running() { local pid; pid=$(pid_of "$1"); [ -n "$pid" ] && grep -qsF -- "$dir/" "/proc/$pid/cmdline" "/proc/$pid/environ"; }

# wait_until SECONDS COMMAND...
wait_until() {
    local until=$((SECONDS + $1))
    shift
    until "$@"; do
        [ $SECONDS -lt $until ] || return 1
        sleep 0.2
    done
}

# Until the engine says that clients may come; at once no when one of these nodes has ended. become_ready SECONDS NODE...
become_ready() {
    local until=$((SECONDS + $1))
    shift
    while :; do
        all_run "$@" || return 1
        # is_ready asks those that run: one may have ended meanwhile.
        if is_ready && all_run "$@"; then return 0; fi
        [ $SECONDS -lt $until ] || return 1
        sleep 0.2
    done
}

all_run() { local node; for node in "$@"; do is_running "$node" || return 1; done; }
any_runs() { local node; for node in "${nodes[@]}"; do if is_running "$node"; then return 0; fi; done; return 1; }

# For an engine whose nodes may all come at the same moment; start_all and join_all say no when the cluster is not ready.
start_all() {
    local node
    for node in "${nodes[@]}"; do is_running "$node" || start_node "$node"; done
    become_ready 120 "${nodes[@]}"
}
join_all() { start_all; }

status() {
    local node port
    for node in "${nodes[@]}"; do
        port=$(cat "$dir/$node.port")
        if lets_in "$port"; then echo "node $node 127.0.0.1:$port answers"; else echo "node $node 127.0.0.1:$port does not answer"; fi
    done
}

kill_node() {
    is_running "$1" || die "node $1 is not running"
    kill -KILL "$(pid_of "$1")"
    wait_until 10 is_gone "$1"
}

is_gone() { ! is_running "$1"; }

# The lines of [broker] that both programs take.
print_configuration() {
    local hosts=() node
    for node in "${nodes[@]}"; do hosts+=("\"127.0.0.1:$(cat "$dir/$node.port")\""); done
    local IFS=,
    echo "hosts = [${hosts[*]}]"
    printf 'protocol = "3.1.1"\nsession = "%s"\n' "$session"
}

# main ARGUMENTS...: the engine's script defines `session` and prepare (once, all nodes), start_node N, is_ready, stop_node N,
# finish, and, where nodes must take turns, join_all (for the first time), start_all and stop_all.
main() {
    case "${1:-}" in
        up | status | down) [ $# -eq 2 ] || usage ;;
        start) [ $# -eq 2 ] || { [ $# -eq 3 ] && [[ $2 =~ ^[123]$ ]]; } || usage ;;
        kill) [ $# -eq 3 ] && [[ $2 =~ ^[123]$ ]] || usage ;;
        -h | --help) (usage) 2>&1 || exit 0 ;;
        *) usage ;;
    esac
    [ -x "$engine" ] || die "$engine is missing: packaging/dev/setup.sh --cluster installs it"
    dir=${!#}
    if [ "$1" = up ]; then
        mkdir -p "$dir"
        dir=$(cd "$dir" && pwd -P)
        [ ! -f "$dir/3.port" ] || die "$dir holds a cluster already: 'start $dir' starts it"
        [ -z "$(ls -A "$dir")" ] || die "$dir is not empty"
        prepare
        join_all || { down; die "the cluster did not become ready; its logs are in $dir"; }
        print_configuration
        return
    fi
    [ -f "$dir/3.port" ] || die "$dir holds no cluster: 'up' makes one"
    dir=$(cd "$dir" && pwd -P)
    case "$1" in
        status) status ;;
        kill) kill_node "$2" ;;
        start)
            if [ $# -eq 2 ]; then
                start_all || die "the cluster did not become ready; its logs are in $dir"
                print_configuration
                return
            fi
            is_gone "$2" || die "node $2 is running"
            any_runs || die "no other node runs, and one alone lets nobody in: 'start $dir' starts all"
            start_node "$2"
            become_ready 240 "$2" || die "node $2 did not become ready; see $dir/$2.log"
            ;;
        down) down ;;
    esac
}

down() {
    stop_all
    finish
}
stop_all() {
    local node
    for node in "${nodes[@]}"; do if is_running "$node"; then stop_node "$node"; fi; done
    for node in "${nodes[@]}"; do wait_until 30 is_gone "$node" || kill_node "$node"; done
}
