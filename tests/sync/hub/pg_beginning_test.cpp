// SPDX-License-Identifier: GPL-3.0-or-later
// A transaction whose BEGIN the server refuses, or does not live to answer: it is on its way while
// its first statements already follow. Nothing of it runs by itself, and the next one is whole.
#include "sync/hub/store/pg_connection.h"
#include "tests/support/postgres.h"
#include "tests/support/temp_dir.h"

#include <array>
#include <atomic>
#include <stdexcept>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace tapport::hub {
namespace {

support::Postgres& server() {
    static support::Postgres postgres;
    return postgres;
}

/// Stands where a server's socket is looked for, carries one session at a time to the real one and
/// back, and meddles with a BEGIN.
class Meddler {
  public:
    enum class Next : std::uint8_t {
        Pass,
        Refuse,  ///< the server gets a word that it does not know
        Die,     ///< the session is cut before the server gets it
    };
    /// `server`: the folder of its socket.
    explicit Meddler(const std::string& server)
        : server_(addressIn(server)), listener_(newSocket()), wake_(::eventfd(0, EFD_CLOEXEC)) {
        const sockaddr_un own = addressIn(dir_.path());
        if (::bind(listener_, reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0 ||
            ::listen(listener_, 1) != 0) {
            throw std::runtime_error("nowhere to listen");
        }
        thread_ = std::thread([this] { run(); });
    }
    ~Meddler() {
        (void)::eventfd_write(wake_, 1);
        thread_.join();
        ::close(listener_);
        ::close(wake_);
    }
    Meddler(const Meddler&) = delete;
    Meddler& operator=(const Meddler&) = delete;

    [[nodiscard]] std::string folder() const { return dir_.path().string(); }
    void meddle(Next next) { next_ = next; }
    /// How many sessions there were so far.
    [[nodiscard]] int sessions() const { return sessions_; }

  private:
    static sockaddr_un addressIn(const std::filesystem::path& folder) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        (folder / ".s.PGSQL.5432")
            .native()
            .copy(static_cast<char*>(address.sun_path), sizeof address.sun_path - 1);
        return address;
    }
    static int newSocket() { return ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0); }

    void run() {
        for (;;) {
            std::array<pollfd, 2> waiting{{{wake_, POLLIN, 0}, {listener_, POLLIN, 0}}};
            ::poll(waiting.data(), waiting.size(), -1);
            if (waiting[0].revents != 0) {
                return;
            }
            const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            const int real = newSocket();
            if (::connect(real, reinterpret_cast<const sockaddr*>(&server_), sizeof server_) == 0) {
                ++sessions_;
                carry(client, real);
            }
            ::close(client);
            ::close(real);
        }
    }
    /// Until one of them ends, or we shall.
    void carry(int client, int real) {
        for (;;) {
            std::array<pollfd, 3> waiting{
                {{wake_, POLLIN, 0}, {client, POLLIN, 0}, {real, POLLIN, 0}}};
            ::poll(waiting.data(), waiting.size(), -1);
            if (waiting[0].revents != 0 || (waiting[1].revents != 0 && !pass(client, real)) ||
                (waiting[2].revents != 0 && !pass(real, client))) {
                return;
            }
        }
    }
    bool pass(int from, int to) {
        std::array<char, 65536> bytes{};
        const ssize_t size = ::read(from, bytes.data(), bytes.size());
        if (size <= 0) {
            return false;
        }
        std::string what(bytes.data(), static_cast<std::size_t>(size));
        const std::size_t begin = what.find(std::string_view("BEGIN", sizeof "BEGIN"));
        if (begin != std::string::npos) {
            const Next next = next_.exchange(Next::Pass);
            if (next == Next::Die) {
                return false;
            }
            what.replace(begin, 5, next == Next::Refuse ? "BEGUN" : "BEGIN");
        }
        return ::send(to, what.data(), what.size(), MSG_NOSIGNAL) == size;
    }

    support::TempDir dir_;
    sockaddr_un server_;
    int listener_;
    int wake_;
    std::atomic<Next> next_{Next::Pass};
    std::atomic<int> sessions_{0};
    std::thread thread_;
};

class PgBeginning : public testing::TestWithParam<Meddler::Next> {
  protected:
    PgBeginning() {
        connection_.execute("CREATE TABLE small (number bigint PRIMARY KEY)");
        transact({1});  // all statements are known to the session: only BEGIN is new each time
    }
    /// The folder of the socket of `url`.
    static std::string folderIn(const std::string& url) {
        const std::size_t at = url.find("host=") + 5;
        return url.substr(at, url.find('&', at) - at);
    }
    std::string meddledUrl() const {
        std::string url = url_;
        const std::string folder = folderIn(url_);
        return url.replace(url.find(folder), folder.size(), meddler_.folder());
    }
    void insertSmall(std::int64_t number) {
        Query(connection_, "INSERT INTO small VALUES (?1)", number).run();
    }
    /// Too large to travel with a BEGIN that has not been answered.
    void insertLarge(std::int64_t number) {
        Query(connection_, "INSERT INTO small SELECT ?1 WHERE length(?2) > 0", number, large_)
            .run();
    }
    void transact(std::initializer_list<std::int64_t> numbers) {
        SqlTransaction transaction(connection_);
        for (const std::int64_t number : numbers) {
            insertLarge(number);
        }
        insertSmall(*numbers.begin() + 100);
        (void)countOf(connection_);
        transaction.commit();
    }
    static std::int64_t countOf(PgConnection& connection) {
        Query count(connection, "SELECT count(*) FROM small");
        count.step();
        return count.integer(0);
    }
    /// As another session sees it.
    std::int64_t committed() { return countOf(other_); }
    /// What the error says.
    template <typename Work>
    std::string failureOf(const Work& work) {
        meddler_.meddle(GetParam());
        try {
            work();
        } catch (const SqlError& thrown) {
            EXPECT_EQ(thrown.code(), Code::Storage);
            EXPECT_EQ(thrown.kind(), SqlError::Kind::Other);
            return thrown.what();
        }
        return "nothing";
    }
    static auto isClear() {
        return GetParam() == Meddler::Next::Refuse ? testing::HasSubstr("42601 syntax error")
                                                   : testing::HasSubstr("connection lost");
    }
    void expectTheNextIsWhole() {
        const std::int64_t before = committed();
        transact({7, 8, 9});
        EXPECT_EQ(committed(), before + 4);
        if (GetParam() == Meddler::Next::Die) {
            EXPECT_EQ(meddler_.sessions(), 2);
        }
    }

    std::string large_ = std::string(10'000, 'x');
    std::string url_ = server().url("t_" + std::to_string(++tests));
    Meddler meddler_{folderIn(url_)};
    PgConnection connection_{meddledUrl()};
    PgConnection other_{url_};
    static inline int tests = 0;
};

TEST_P(PgBeginning, WithLargeStatementsIsOneErrorAndNothingIsKept) {
    EXPECT_THAT(failureOf([&] { transact({2, 3, 4}); }), isClear());

    EXPECT_EQ(committed(), 2);
    expectTheNextIsWhole();
}

TEST_P(PgBeginning, WithSmallStatementsIsOneErrorAndNothingIsKept) {
    EXPECT_THAT(failureOf([&] {
                    SqlTransaction transaction(connection_);
                    insertSmall(2);
                    insertSmall(3);
                    transaction.commit();
                }),
                isClear());

    EXPECT_EQ(committed(), 2);
    expectTheNextIsWhole();
}

TEST_P(PgBeginning, WithASavepointIsOneErrorAndNothingIsKept) {
    EXPECT_THAT(failureOf([&] {
                    SqlTransaction transaction(connection_);
                    SqlSavepoint savepoint(connection_);
                    insertSmall(2);
                    savepoint.release();
                    transaction.commit();
                }),
                isClear());

    EXPECT_EQ(committed(), 2);
    expectTheNextIsWhole();
}

TEST_P(PgBeginning, NothingOfItRunsByItselfForWhoGoesOn) {
    {
        meddler_.meddle(GetParam());
        SqlTransaction transaction(connection_);
        EXPECT_THROW((void)countOf(connection_), SqlError);

        EXPECT_THROW((insertSmall(2), (void)countOf(connection_)), SqlError);
        EXPECT_THROW(insertLarge(3), SqlError);
        EXPECT_THROW(transaction.commit(), SqlError);
    }

    EXPECT_EQ(committed(), 2);
    expectTheNextIsWhole();
}

INSTANTIATE_TEST_SUITE_P(WhoseServer, PgBeginning,
                         testing::Values(Meddler::Next::Refuse, Meddler::Next::Die),
                         [](const auto& what) {
                             return what.param == Meddler::Next::Refuse ? "Refuses" : "Dies";
                         });

TEST(PgBeginningWithoutAServer, SaysThatItIsGoneAndGoesOnWhenItIsBack) {
    PgConnection connection(server().url("gone"));
    connection.execute("CREATE TABLE small (number bigint PRIMARY KEY)");
    const auto failureOfOne = [&](std::int64_t number) -> std::string {
        try {
            SqlTransaction transaction(connection);
            Query(connection, "INSERT INTO small VALUES (?1)", number).run();
            transaction.commit();
        } catch (const SqlError& thrown) {
            EXPECT_EQ(thrown.code(), Code::Storage);
            return thrown.what();
        }
        return "nothing";
    };
    ASSERT_EQ(failureOfOne(1), "nothing");

    server().crash();
    EXPECT_NE(failureOfOne(2), "nothing") << "by the session that it had";
    EXPECT_THAT(failureOfOne(3), testing::HasSubstr("connection to server on socket"));
    server().start();

    EXPECT_EQ(failureOfOne(4), "nothing");
    Query numbers(connection, "SELECT sum(number)::bigint FROM small");
    ASSERT_TRUE(numbers.step());
    EXPECT_EQ(numbers.integer(0), 5);
}

}  // namespace
}  // namespace tapport::hub
