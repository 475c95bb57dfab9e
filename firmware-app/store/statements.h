// SPDX-License-Identifier: GPL-3.0-or-later
// Statements of one connection, each prepared when it is first needed and kept: to prepare the five
// of a commit costs as much as to run them. Not for others than the connection's thread.
#pragma once

#include <map>
#include <string_view>

#include <SQLiteCpp/SQLiteCpp.h>

namespace tapport::store {

class Statements {
  public:
    /// One run of a statement: nothing is bound before, and its rows are let go of behind. While
    /// rows are open, no other use of the same text.
    class Use {
      public:
        explicit Use(SQLite::Statement& statement) : statement_(statement) {}
        ~Use() {
            statement_.tryReset();
            statement_.clearBindings();
        }
        Use(const Use&) = delete;
        Use& operator=(const Use&) = delete;
        SQLite::Statement* operator->() const { return &statement_; }
        SQLite::Statement& operator*() const { return statement_; }

      private:
        SQLite::Statement& statement_;
    };

    /// `db` must outlive it.
    explicit Statements(SQLite::Database& db) : db_(db) {}

    /// `sql`: a literal. Throws SQLite::Exception.
    Use operator()(const char* sql) {
        const auto found = kept_.find(sql);
        if (found != kept_.end()) {
            return Use(found->second);
        }
        return Use(kept_.try_emplace(sql, db_, sql).first->second);
    }

  private:
    SQLite::Database& db_;
    std::map<std::string_view, SQLite::Statement> kept_;
};

}  // namespace tapport::store
