// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/admin/sibling.h"

namespace tapport::admin {

std::filesystem::path siblingProgram(std::string_view name) {
    std::error_code failed;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", failed);
    return self.parent_path() / name;
}

}  // namespace tapport::admin
