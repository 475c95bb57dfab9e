// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fixture.h"

namespace tapport::support {

std::string fixture(const std::string& name) {
    return std::string(TAPPORT_FIXTURES) + "/" + name;
}

}  // namespace tapport::support
