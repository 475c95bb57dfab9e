# SPDX-License-Identifier: GPL-3.0-or-later
# What nats.sh and rabbitmq.sh have in common: three nodes below one directory, on ports of this machine that were free.
# A cluster's directory holds, for node N: N.pid, N.log, N.port (MQTT), and what the engine keeps in nodeN/.
set -euo pipefail
nodes=(1 2 3)

usage() {
    cat >&2 <<TEXT
usage: ${0##*/} up DIR        starts three nodes on this machine; prints the line for kiosk.toml and hub.toml
       ${0##*/} status DIR    tells each node's MQTT port, and whether it answers
       ${0##*/} kill N DIR    SIGKILL to node N (1 to 3)
       ${0##*/} start N DIR   starts node N again
       ${0##*/} down DIR      ends all nodes; what they kept stays in DIR
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
is_running() { local pid; pid=$(pid_of "$1"); [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null; }

# wait_until SECONDS COMMAND...
wait_until() {
    local until=$((SECONDS + $1))
    shift
    until "$@"; do
        [ $SECONDS -lt $until ] || return 1
        sleep 0.2
    done
}

# Until the engine says that clients may come; at once no when one of these nodes has ended.
become_ready() {
    local node until=$((SECONDS + 120))
    until is_ready; do
        for node in "$@"; do if is_gone "$node"; then return 1; fi; done
        [ $SECONDS -lt $until ] || return 1
        sleep 0.2
    done
}

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
# finish.
main() {
    case "${1:-}" in
        up | status | down) [ $# -eq 2 ] || usage ;;
        kill | start) [ $# -eq 3 ] && [[ $2 =~ ^[123]$ ]] || usage ;;
        -h | --help) (usage) 2>&1 || exit 0 ;;
        *) usage ;;
    esac
    [ -x "$engine" ] || die "$engine is missing: packaging/dev/setup.sh --cluster installs it"
    dir=${!#}
    if [ "$1" = up ]; then
        mkdir -p "$dir"
        dir=$(cd "$dir" && pwd)
        [ -z "$(ls -A "$dir")" ] || die "$dir is not empty"
        prepare
        for node in "${nodes[@]}"; do start_node "$node"; done
        become_ready "${nodes[@]}" || { down; die "the cluster did not become ready; its logs are in $dir"; }
        print_configuration
        return
    fi
    [ -f "$dir/3.port" ] || die "$dir holds no cluster: 'up' makes one"
    dir=$(cd "$dir" && pwd)
    case "$1" in
        status) status ;;
        kill) kill_node "$2" ;;
        start)
            is_gone "$2" || die "node $2 is running"
            start_node "$2"
            become_ready "$2" || die "node $2 did not become ready; see $dir/$2.log"
            ;;
        down) down ;;
    esac
}

down() {
    local node
    for node in "${nodes[@]}"; do if is_running "$node"; then stop_node "$node"; fi; done
    for node in "${nodes[@]}"; do wait_until 30 is_gone "$node" || kill_node "$node"; done
    finish
}
