// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/postgres.h"

#include "tests/support/wait_until.h"

#include <csignal>
#include <stdexcept>

#include <pwd.h>
#include <unistd.h>

namespace tapport::support {
namespace {

// Not in PATH on Debian.
const std::string kPrograms = "/usr/lib/postgresql/15/bin/";

/// A command as PostgreSQL takes it; it dies with us though it is not ours any more.
std::vector<std::string> asItsUser(std::vector<std::string> command) {
    if (::geteuid() == 0) {
        const std::vector<std::string> change{"setpriv", "--reuid=postgres", "--regid=postgres",
                                              "--clear-groups", "--pdeathsig=QUIT"};
        command.insert(command.begin(), change.begin(), change.end());
    }
    return command;
}

std::string mustRun(const std::vector<std::string>& command) {
    Finished done = run(command);
    if (done.status != 0) {
        throw std::runtime_error(command.front() + " failed: " + done.err);
    }
    return std::move(done.out);
}

}  // namespace

Postgres::Postgres(Settings settings) : settings_(std::move(settings)) {
    if (::geteuid() == 0) {
        const passwd* account = ::getpwnam("postgres");
        if (account == nullptr ||
            ::chown(dir_.path().c_str(), account->pw_uid, account->pw_gid) != 0) {
            throw std::runtime_error("no account postgres: install the package postgresql");
        }
    }
    mustRun(asItsUser({kPrograms + "initdb", "--pgdata", dir_ / "data", "--auth=trust",
                       "--username=tapport", "--encoding=UTF8", "--locale=C", "--no-sync"}));
    start();
}

Postgres::~Postgres() {
    crash();
}

void Postgres::start() {
    ChildOptions options;
    options.log = dir_ / "postgres.log";
    options.appendStdoutToLog = true;
    std::vector<std::string> command{
        kPrograms + "postgres", "-D", dir_ / "data", "-k", dir_.path(), "-c", "listen_addresses="};
    for (const std::string& setting : settings_) {
        command.insert(command.end(), {"-c", setting});
    }
    server_ = std::make_unique<ChildProcess>(asItsUser(std::move(command)), options);
    const std::vector<std::string> isReady{kPrograms + "pg_isready", "--quiet", "--host",
                                           dir_.path()};
    if (!waitUntil([&] { return run(isReady).status == 0 || !server_->isRunning(); }) ||
        !server_->isRunning()) {
        throw std::runtime_error("postgres did not start: " + readFile(options.log));
    }
}

void Postgres::crash() {
    server_->signal(SIGQUIT);
    (void)server_->wait();
}

std::string Postgres::server() const {
    return "postgresql://tapport@/postgres?host=" + dir_.path().string();
}

std::string Postgres::url(const std::string& schema) const {
    mustRun({kPrograms + "psql", "--quiet", "--no-psqlrc", server(), "--command",
             "SET client_min_messages = error; CREATE SCHEMA IF NOT EXISTS " + schema});
    return server() + "&options=-csearch_path%3D" + schema;
}

std::string Postgres::query(const std::string& schema, const std::string& sql) const {
    return mustRun({kPrograms + "psql", "--no-psqlrc", "--tuples-only", "--no-align",
                    server() + "&options=-csearch_path%3D" + schema, "--command", sql});
}

}  // namespace tapport::support
