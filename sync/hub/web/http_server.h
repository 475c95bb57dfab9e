// SPDX-License-Identifier: GPL-3.0-or-later
// HTTP/1.1 on the loopback interface, with limits on header, body, time and connections. TLS is
// the business of a proxy in front. The handler runs on a worker thread, so that neither a password
// hash nor the store holds up the sockets.
#pragma once

#include "sync/base/error.h"
#include "sync/hub/web/http.h"

#include <functional>
#include <memory>

namespace tapport::hub {

struct HttpLimits {
    std::size_t headerBytes = 8 * 1024;
    std::size_t bodyBytes = 8 * 1024;
    int seconds = 10;       ///< from the end of one request to the end of the next
    int writeSeconds = 60;  ///< for a response to leave
    std::size_t connections = 128;
};

class HttpServer {
  public:
    using Handler = std::function<HttpResponse(const HttpRequest&)>;

    /// Listens on 127.0.0.1. Port 0 takes a free one. Busy when the port is taken.
    [[nodiscard]] static Result<std::unique_ptr<HttpServer>> listen(std::uint16_t port,
                                                                    Handler handler,
                                                                    HttpLimits limits = {});
    virtual ~HttpServer() = default;
    [[nodiscard]] virtual std::uint16_t port() const = 0;
};

}  // namespace tapport::hub
