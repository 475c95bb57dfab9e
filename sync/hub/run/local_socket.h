// SPDX-License-Identifier: GPL-3.0-or-later
// How a command asks the running hub: a Unix socket in its data folder, one request and one answer
// a connection. Only the folder's owner can reach it.
//
//   request   one line, such as "status"
//   answer    "ok <size>\n" and then so many bytes, or "error <code> <context>\n"
#pragma once

#include "sync/base/error.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace tapport::hub {

class LocalServer {
  public:
    struct Request {
        std::string line;
        std::string user;  ///< who asks, as the kernel says
    };
    /// Called on the server's thread.
    using Handler = std::function<Result<std::string>(const Request& request)>;
    [[nodiscard]] static Result<std::unique_ptr<LocalServer>> listen(
        const std::filesystem::path& socket, Handler handler);
    ~LocalServer();
    LocalServer(const LocalServer&) = delete;
    LocalServer& operator=(const LocalServer&) = delete;

  private:
    LocalServer(int listener, int stop, std::filesystem::path socket, Handler handler);
    void run() const;
    void serve(int connection) const;

    int listener_;
    int stop_;
    std::filesystem::path socket_;
    Handler handler_;
    std::thread thread_;  // last: it uses all of the above
};

/// Sends one request and gives what was answered, be it an error, which may be Busy as well. Busy,
/// outside: nobody listens there (yet, or any more), or broke off.
[[nodiscard]] Result<Result<std::string>> askLocal(const std::filesystem::path& socket,
                                                   const std::string& request);

}  // namespace tapport::hub
