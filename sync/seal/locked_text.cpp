// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/seal/locked_text.h"

#include <algorithm>
#include <new>

#include <sodium.h>

namespace tapport::seal {
namespace {

char* lockedMemory(std::size_t size) {
    // Its canaries need randomness; a second call does nothing.
    auto* const memory = sodium_init() < 0 ? nullptr : static_cast<char*>(sodium_malloc(size));
    if (memory == nullptr) {
        throw std::bad_alloc();
    }
    return memory;
}

}  // namespace

LockedText::LockedText(std::string_view text)
    : text_(lockedMemory(text.size())), size_(text.size()) {
    std::copy(text.begin(), text.end(), text_.get());
}

void LockedText::Free::operator()(char* text) const {
    sodium_free(text);
}

void wipe(std::string& text) {
    text.resize(text.capacity());
    sodium_memzero(text.data(), text.size());
    text.clear();
}

}  // namespace tapport::seal
