// SPDX-License-Identifier: GPL-3.0-or-later
// No file gets longer than so many bytes, as on a disk that is full: in this process, and in those
// that it starts meanwhile.
#pragma once

#include <csignal>

#include <sys/resource.h>

namespace tapport::support {

class ShortFiles {
  public:
    explicit ShortFiles(rlim_t most) : ignored_(std::signal(SIGXFSZ, SIG_IGN)) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        rlimit limit = before_;
        limit.rlim_cur = most;
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ShortFiles(const ShortFiles&) = delete;
    ShortFiles& operator=(const ShortFiles&) = delete;
    ~ShortFiles() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        (void)std::signal(SIGXFSZ, ignored_);
    }

  private:
    void (*ignored_)(int);
    rlimit before_{};
};

}  // namespace tapport::support
