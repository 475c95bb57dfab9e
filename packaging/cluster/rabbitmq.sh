#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Three RabbitMQ nodes with the MQTT plug-in on this machine, durable sessions in quorum queues. For tests and trials: plain,
# on loopback, with an Erlang port mapper of their own. Runs as whoever calls it; the system's RabbitMQ is not touched.
. "$(dirname "$0")/lib.sh"
bin=/usr/lib/rabbitmq/bin
engine=$bin/rabbitmq-server
# A clean session's queue has one node for home; while that is down nobody of that name can connect anywhere else.
session=kept

# Everything that would come from /etc/rabbitmq and /var, for node $1.
node_environment() {
    export HOME=$dir  # the cluster's own Erlang cookie
    export ERL_EPMD_PORT ERL_EPMD_ADDRESS=127.0.0.1 ERL_MAX_PORTS=4096
    ERL_EPMD_PORT=$(cat "$dir/epmd.port")
    export RABBITMQ_CONF_ENV_FILE=/dev/null RABBITMQ_NODENAME=tapport$1@localhost
    export RABBITMQ_MNESIA_BASE=$dir/node$1 RABBITMQ_LOG_BASE=$dir/node$1/log RABBITMQ_PID_FILE=$dir/node$1.erlang.pid
    export RABBITMQ_CONFIG_FILE=$dir/$1.conf RABBITMQ_ADVANCED_CONFIG_FILE=$dir/advanced.config
    export RABBITMQ_ENABLED_PLUGINS_FILE=$dir/enabled_plugins RABBITMQ_GENERATED_CONFIG_DIR=$dir/node$1/config
    RABBITMQ_DIST_PORT=$(cat "$dir/$1.dist")
    RABBITMQ_NODE_PORT=$(cat "$dir/$1.amqp")
    export RABBITMQ_DIST_PORT RABBITMQ_NODE_PORT RABBITMQ_NODE_IP_ADDRESS=127.0.0.1
    export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}"
}

prepare() {
    local node other
    free_port; echo "$free" >"$dir/epmd.port"
    for node in "${nodes[@]}"; do
        free_port; echo "$free" >"$dir/$node.port"
        free_port; echo "$free" >"$dir/$node.amqp"
        free_port; echo "$free" >"$dir/$node.dist"
        mkdir -p "$dir/node$node/log"
    done
    (umask 077 && od -An -N20 -tx1 /dev/urandom | tr -d ' \n' >"$dir/.erlang.cookie")
    chmod 400 "$dir/.erlang.cookie"
    echo '[rabbitmq_mqtt].' >"$dir/enabled_plugins"
    echo '[{rabbitmq_mqtt, [{durable_queue_type, quorum}]}].' >"$dir/advanced.config"
    for node in "${nodes[@]}"; do
        cat >"$dir/$node.conf" <<TEXT
listeners.tcp.default = 127.0.0.1:$(cat "$dir/$node.amqp")
mqtt.listeners.tcp.default = 127.0.0.1:$(cat "$dir/$node.port")
mqtt.allow_anonymous = true
mqtt.vhost = /
mqtt.exchange = amq.topic
mqtt.prefetch = 100
cluster_formation.peer_discovery_backend = classic_config
cluster_partition_handling = pause_minority
TEXT
        for other in "${nodes[@]}"; do
            echo "cluster_formation.classic_config.nodes.$other = tapport$other@localhost" >>"$dir/$node.conf"
        done
    done
}

start_node() {
    rm -f "$dir/node$1.erlang.pid"
    (
        node_environment "$1"
        exec setsid $bin/rabbitmq-server >>"$dir/$1.log" 2>&1 </dev/null
    ) &
    wait_until 60 has_pid "$1" || die "node $1 did not start; see $dir/$1.log"
    cp "$dir/node$1.erlang.pid" "$dir/$1.pid"
}
has_pid() {
    local pid
    pid=$(cat "$dir/node$1.erlang.pid" 2>/dev/null) && [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null
}

# One after another: of two that join at the same moment, on a busy machine, one may not find who leads the register of client
# ids ("mqtt_node: leader not known"), and then the whole cluster lets nobody in. Once more helps.
join_all() {
    local node joined=()
    for node in "${nodes[@]}"; do
        joined+=("$node")
        start_node "$node"
        become_ready 120 "${joined[@]}" && continue
        echo "node $node did not join, once more; see $dir/$node.log" >&2
        end_node "$node"
        start_node "$node"
        become_ready 120 "${joined[@]}" || return 1
    done
}

# The last that ended comes first, as it knows all that the others missed, and none waits for itself to be ready: alone it never
# is. Where one finds another without a leader of the register, it waits 100 s for one before it goes on.
start_all() {
    local node tries
    for tries in 1 2; do
        for node in $(cat "$dir/last" 2>/dev/null) "${nodes[@]}"; do is_running "$node" || start_node "$node"; done
        if become_ready 300 "${nodes[@]}"; then return 0; fi
        all_run "${nodes[@]}" && return 1  # one that ended is started once more
    done
    return 1
}

end_node() {
    if is_running "$1"; then stop_node "$1"; fi
    wait_until 30 is_gone "$1" || kill_node "$1"
}
stop_all() {
    local node
    for node in 3 2 1; do
        is_running "$node" || continue
        end_node "$node"
        echo "$node" >"$dir/last"
    done
}

# Each running node answers and sees all that run.
is_ready() {
    local node running=0 seen
    for node in "${nodes[@]}"; do
        if is_running "$node"; then
            running=$((running + 1))
            lets_in "$(cat "$dir/$node.port")" || return 1
        fi
    done
    for node in "${nodes[@]}"; do
        if is_running "$node"; then
            seen=$(node_environment "$node"; $bin/rabbitmqctl --quiet cluster_status --formatter json 2>/dev/null |
                grep -o '"running_nodes":\[[^]]*' | grep -o '@localhost' | wc -l)
            [ "$seen" -eq $running ]
            return
        fi
    done
}

stop_node() { kill -TERM "$(pid_of "$1")"; }
finish() { (node_environment 1; epmd -kill >/dev/null 2>&1) || true; }

main "$@"
