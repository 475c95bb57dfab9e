// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/base/error.h"

namespace tapport {

std::string_view nameOf(Code code) {
    switch (code) {
        case Code::InvalidInput:
            return "InvalidInput";
        case Code::InvalidConfig:
            return "InvalidConfig";
        case Code::NotFound:
            return "NotFound";
        case Code::Conflict:
            return "Conflict";
        case Code::Storage:
            return "Storage";
        case Code::StorageFull:
            return "StorageFull";
        case Code::Crypto:
            return "Crypto";
        case Code::Network:
            return "Network";
        case Code::Reader:
            return "Reader";
        case Code::Busy:
            return "Busy";
        case Code::Internal:
            return "Internal";
    }
    return "Internal";
}

std::string_view adviceFor(Code code) {
    switch (code) {
        case Code::InvalidInput:
            return "Correct the input and try again.";
        case Code::InvalidConfig:
            return "Correct the named file and start again.";
        case Code::NotFound:
            return "Check the path or id.";
        case Code::Conflict:
            return "Two different things claim one id or path; nothing was overwritten.";
        case Code::Storage:
            return "Check the disk, the folder and its rights; no record was confirmed that is not "
                   "kept.";
        case Code::StorageFull:
            return "Free space on the data partition; nothing that was confirmed is lost.";
        case Code::Crypto:
            return "Check that kiosk and hub use the same event's keys.";
        case Code::Network:
            return "Check the network and the broker's address; records wait on this device.";
        case Code::Reader:
            return "Check the reader's cable, power and connection string.";
        case Code::Busy:
            return "Stop the other program that uses it.";
        case Code::Internal:
            return "Restart the program and report the log.";
    }
    return "";
}

}  // namespace tapport
