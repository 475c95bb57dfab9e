// SPDX-License-Identifier: GPL-3.0-or-later
// The only file that includes Boost.Beast (11 s of compiler time).
#include "sync/hub/web/http_server.h"

#include <atomic>
#include <thread>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/version.hpp>

namespace tapport::hub {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

/// What all connections of a server share.
struct Shared {
    HttpServer::Handler handler;
    HttpLimits limits;
    std::atomic<std::size_t> connections{0};
    asio::thread_pool workers{1};
};

std::string_view viewOf(beast::string_view text) {
    return {text.data(), text.size()};
}

HttpMethod methodOf(http::verb verb) {
    switch (verb) {
        case http::verb::get:
            return HttpMethod::Get;
        case http::verb::head:
            return HttpMethod::Head;
        case http::verb::post:
            return HttpMethod::Post;
        default:
            return HttpMethod::Other;
    }
}

std::optional<HttpRequest> requestFrom(const http::request<http::string_body>& message) {
    return hub::requestFrom(HttpParts{
        methodOf(message.method()), viewOf(message.target()), viewOf(message[http::field::cookie]),
        viewOf(message[http::field::host]), viewOf(message[http::field::origin]), message.body(),
        viewOf(message[http::field::content_type])});
}

HttpResponse plain(int status, std::string text) {
    return {status, "text/plain; charset=utf-8", std::move(text)};
}

/// One connection: request, answer, request, ... Its handlers run on the server's one I/O thread.
class Connection : public std::enable_shared_from_this<Connection> {
  public:
    Connection(tcp::socket socket, Shared& shared) : stream_(std::move(socket)), shared_(shared) {
        ++shared_.connections;
    }
    ~Connection() { --shared_.connections; }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void readNext() {
        parser_.emplace();
        parser_->header_limit(static_cast<std::uint32_t>(shared_.limits.headerBytes));
        parser_->body_limit(shared_.limits.bodyBytes);
        stream_.expires_after(std::chrono::seconds(shared_.limits.seconds));
        http::async_read(
            stream_, buffer_, *parser_,
            [self = shared_from_this()](error_code error, std::size_t) { self->onRead(error); });
    }

  private:
    void onRead(error_code error) {
        if (error == http::error::header_limit) {
            return refuse(plain(431, "The request's header is too large.\n"));
        }
        if (error == http::error::body_limit) {
            return refuse(plain(413, "The request's body is too large.\n"));
        }
        if (error.category() == http::make_error_code(http::error::bad_target).category() &&
            error != http::error::end_of_stream) {
            return refuse(plain(400, "This is no well-formed request.\n"));
        }
        if (error) {
            return;  // gone, or too slow
        }
        auto request = requestFrom(parser_->get());
        if (!request) {
            return refuse(plain(400, "The request has a broken escape.\n"));
        }
        // Only reading is timed: the handler may wait for the store.
        stream_.expires_never();
        requestedAt_ = Clock::now();
        asio::post(shared_.workers,
                   [self = shared_from_this(), request = std::move(*request)]() mutable {
                       HttpResponse response = self->handle(request);
                       asio::post(self->stream_.get_executor(),
                                  [self, response = std::move(response)]() mutable {
                                      self->writeInTime(std::move(response));
                                  });
                   });
    }

    /// Nothing is thrown across the thread; an exception here is a lack of memory.
    HttpResponse handle(const HttpRequest& request) {
        try {
            return shared_.handler(request);
        } catch (const std::exception&) {
            return plain(500, "The hub could not answer.\n");
        }
    }

    void writeInTime(HttpResponse response) {
        timer_.expires_at(requestedAt_ + response.earliest);
        timer_.async_wait([self = shared_from_this(), response = std::move(response)](
                              error_code) mutable { self->write(std::move(response)); });
    }

    void refuse(HttpResponse response) {
        isLast_ = true;
        write(std::move(response));
    }

    void write(HttpResponse response) {
        const auto& request = parser_->get();
        response_ = {static_cast<http::status>(response.status), request.version()};
        response_.set(http::field::content_type, response.contentType);
        for (const auto& [name, value] : response.headers) {
            response_.insert(name, value);
        }
        response_.keep_alive(!isLast_ && request.keep_alive());
        response_.body() = std::move(response.body);
        response_.prepare_payload();
        if (request.method() == http::verb::head) {
            response_.body().clear();
        }
        stream_.expires_after(std::chrono::seconds(shared_.limits.writeSeconds));
        http::async_write(
            stream_, response_,
            [self = shared_from_this()](error_code error, std::size_t) { self->onWritten(error); });
    }

    void onWritten(error_code error) {
        if (!error && response_.keep_alive()) {
            return readNext();
        }
        stream_.socket().shutdown(tcp::socket::shutdown_send, error);
    }

    beast::tcp_stream stream_;
    Shared& shared_;
    beast::flat_buffer buffer_;
    std::optional<http::request_parser<http::string_body>> parser_;
    http::response<http::string_body> response_;
    bool isLast_ = false;
    Clock::time_point requestedAt_;
    asio::steady_timer timer_{stream_.get_executor()};
};

class BeastServer final : public HttpServer {
  public:
    BeastServer(std::uint16_t port, Handler handler, HttpLimits limits)
        : acceptor_(io_, {asio::ip::address_v4::loopback(), port}) {
        shared_.handler = std::move(handler);
        shared_.limits = limits;
        accept();
        thread_ = std::thread([this] { io_.run(); });
    }
    ~BeastServer() override {
        io_.stop();
        thread_.join();
        // Every handler that was begun ends; what it posts back is dropped with the I/O context.
        shared_.workers.join();
    }
    [[nodiscard]] std::uint16_t port() const override { return acceptor_.local_endpoint().port(); }

  private:
    void accept() {
        acceptor_.async_accept([this](error_code error, tcp::socket socket) {
            if (error) {
                // Out of descriptors, most likely: try again, but not in a tight loop.
                pause_.expires_after(std::chrono::milliseconds(100));
                return pause_.async_wait([this](error_code) { accept(); });
            }
            if (shared_.connections < shared_.limits.connections) {
                std::make_shared<Connection>(std::move(socket), shared_)->readNext();
            }
            accept();
        });
    }

    Shared shared_;  // first: connections that io_ still holds count themselves out of it
    asio::io_context io_{1};
    tcp::acceptor acceptor_;
    asio::steady_timer pause_{io_};
    std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::listen(std::uint16_t port, Handler handler,
                                                       HttpLimits limits) {
    try {
        return std::make_unique<BeastServer>(port, std::move(handler), limits);
    } catch (const boost::system::system_error& thrown) {
        return fail(Code::Busy,
                    "listen on 127.0.0.1:" + std::to_string(port) + ": " + thrown.code().message());
    }
}

}  // namespace tapport::hub
